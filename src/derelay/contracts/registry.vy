# pragma version 0.4.3
# pragma evm-version cancun
# @title Who takes part
# @license Apache-2.0
# @notice Participants register with an encryption key (X25519), an address where they serve blobs, and a bond, the
#         price of an identity. Who offers to maintain bonds more. An identity below its bond sits out. Leaving
#         returns the bond after a delay, and not while on duty (protocol.md, section 2).

interface Rounds:
    def frozen() -> bool: view
    def on_duty(who: address) -> bool: view

struct Member:
    key: bytes32
    url: String[128]
    bond: uint256
    place: uint256  # in the list of maintainers, counted from one; zero for none
    leaves_at: uint256  # when the bond may be taken back; zero for who has not left

event Registered:
    who: indexed(address)
    key: bytes32
    url: String[128]
    bond: uint256

event KeyRotated:
    who: indexed(address)
    key: bytes32

event Moved:
    who: indexed(address)
    url: String[128]

event BondRaised:
    who: indexed(address)
    bond: uint256

event Maintains:
    who: indexed(address)
    offers: bool

event Slashed:
    who: indexed(address)
    amount: uint256

event Leaving:
    who: indexed(address)
    leaves_at: uint256

event Left:
    who: indexed(address)
    bond: uint256

MAX_COMMITTEE: constant(uint256) = 32
LONGEST_DELAY: constant(uint256) = 31_536_000  # a year, in seconds

ROUNDS: public(immutable(address))
BOND: public(immutable(uint256))
MAINTAINER_BOND: public(immutable(uint256))
LEAVE_DELAY: public(immutable(uint256))
TRUSTED: public(immutable(bool))

trusted: public(HashMap[address, bool])
members: HashMap[address, Member]
maintainers: HashMap[uint256, address]
maintainer_count: public(uint256)


@deploy
def __init__(
    rounds: address, bond: uint256, maintainer_bond: uint256, leave_delay: uint256, committee: DynArray[address, MAX_COMMITTEE]
):
    """
    @param committee Who alone may maintain (a relay among those who trust each other); empty for an open relay.
    """
    assert maintainer_bond >= bond, "registry: maintainer bond below bond"
    assert leave_delay <= LONGEST_DELAY, "registry: leave delay of over a year"
    ROUNDS = rounds
    BOND = bond
    MAINTAINER_BOND = maintainer_bond
    LEAVE_DELAY = leave_delay
    TRUSTED = len(committee) > 0
    for who: address in committee:
        self.trusted[who] = True


# ---- called by participants

@external
@payable
def register(key: bytes32, url: String[128]):
    assert self.members[msg.sender].key == empty(bytes32), "registry: registered already"
    assert key != empty(bytes32), "registry: no key"
    assert msg.value >= BOND, "registry: bond too small"
    self.members[msg.sender] = Member(key=key, url=url, bond=msg.value, place=0, leaves_at=0)
    log Registered(who=msg.sender, key=key, url=url, bond=msg.value)


@external
@payable
def raise_bond():
    self._staying(msg.sender)
    self.members[msg.sender].bond += msg.value
    log BondRaised(who=msg.sender, bond=self.members[msg.sender].bond)


@external
def rotate_key(key: bytes32):
    self._staying(msg.sender)
    assert key != empty(bytes32), "registry: empty key"
    self.members[msg.sender].key = key
    log KeyRotated(who=msg.sender, key=key)


@external
def move(url: String[128]):
    self._staying(msg.sender)
    self.members[msg.sender].url = url
    log Moved(who=msg.sender, url=url)


@external
def maintain():
    """
    @notice Offer to test and to serve. The list of maintainers is frozen from the start of a round to its draw.
    """
    self._staying(msg.sender)
    member: Member = self.members[msg.sender]
    assert member.place == 0, "registry: maintains already"
    assert member.bond >= MAINTAINER_BOND, "registry: maintainer bond too small"
    assert not TRUSTED or self.trusted[msg.sender], "registry: not of the committee"
    self._thawed()
    self.maintainers[self.maintainer_count] = msg.sender
    self.maintainer_count += 1
    self.members[msg.sender].place = self.maintainer_count
    log Maintains(who=msg.sender, offers=True)


@external
def retire():
    assert self.members[msg.sender].place > 0, "registry: no maintainer"
    self._thawed()
    self._retire(msg.sender)


@external
def leave():
    self._staying(msg.sender)
    assert not staticcall Rounds(ROUNDS).on_duty(msg.sender), "registry: on duty"
    if self.members[msg.sender].place > 0:
        self._thawed()
        self._retire(msg.sender)
    self.members[msg.sender].leaves_at = block.timestamp + LEAVE_DELAY
    log Leaving(who=msg.sender, leaves_at=block.timestamp + LEAVE_DELAY)


@external
@nonreentrant
def take_bond():
    """
    @notice Take the bond back once the delay after leaving has passed. The address may register anew.
    """
    member: Member = self.members[msg.sender]
    assert member.leaves_at > 0, "registry: has not left"
    assert block.timestamp >= member.leaves_at, "registry: too early"
    self.members[msg.sender] = empty(Member)
    log Left(who=msg.sender, bond=member.bond)
    raw_call(msg.sender, b"", value=member.bond)


# ---- called by the relay's rounds

@external
def slash(who: address, amount: uint256) -> uint256:
    """
    @notice Take up to `amount` of the bond of `who` and send it to the relay; who falls below what a maintainer
            must bond is one no longer.
    @return What was taken.
    """
    assert msg.sender == ROUNDS, "registry: not the relay"
    taken: uint256 = min(amount, self.members[who].bond)
    self.members[who].bond -= taken
    if self.members[who].place > 0 and self.members[who].bond < MAINTAINER_BOND:
        self._retire(who)
    log Slashed(who=who, amount=taken)
    if taken > 0:
        raw_call(ROUNDS, b"", value=taken)
    return taken


# ---- views

@external
@view
def member(who: address) -> Member:
    return self.members[who]


@external
@view
def may_enter(who: address) -> bool:
    """
    @return Whether `who` is registered, fully bonded and has not left.
    """
    return (
        self.members[who].key != empty(bytes32)
        and self.members[who].leaves_at == 0
        and self.members[who].bond >= BOND
    )


@external
@view
def maintains(who: address) -> bool:
    return self.members[who].place > 0


@external
@view
def maintainer(place: uint256) -> address:
    """
    @param place Counted from zero.
    """
    return self.maintainers[place]


@internal
@view
def _staying(who: address):
    assert self.members[who].key != empty(bytes32), "registry: not registered"
    assert self.members[who].leaves_at == 0, "registry: has left"


@internal
@view
def _thawed():
    assert not staticcall Rounds(ROUNDS).frozen(), "registry: list is frozen"


@internal
def _retire(who: address):
    place: uint256 = self.members[who].place
    last: address = self.maintainers[self.maintainer_count - 1]
    self.maintainers[place - 1] = last
    self.members[last].place = place
    self.members[who].place = 0
    self.maintainer_count -= 1
    self.maintainers[self.maintainer_count] = empty(address)
    log Maintains(who=who, offers=False)
