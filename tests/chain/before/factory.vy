# pragma version 0.4.3
# pragma evm-version cancun
# Makes a maker, always at the same address. What a maker makes first has always the same address, too: whoever makes
# it, lets it act and destroys it, all in one transaction (EIP-6780), can put other code there afterwards.

interface Maker:
    def make(code: Bytes[40000]) -> address: nonpayable
    def vanish(): nonpayable

interface Puppet:
    def act(to: address, data: Bytes[1024]): nonpayable
    def vanish(): nonpayable


@external
def maker(code: Bytes[20000]) -> address:
    return raw_create(code, salt=empty(bytes32))


@external
def act_before(maker_code: Bytes[20000], puppet_code: Bytes[20000], to: address, calls: DynArray[Bytes[1024], 4]):
    maker: address = raw_create(maker_code, salt=empty(bytes32))
    puppet: address = extcall Maker(maker).make(puppet_code)
    for data: Bytes[1024] in calls:
        extcall Puppet(puppet).act(to, data)
    extcall Puppet(puppet).vanish()
    extcall Maker(maker).vanish()
