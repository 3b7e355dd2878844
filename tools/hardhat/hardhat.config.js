// Nothing is compiled here: this is a node to connect to.
module.exports = { networks: { hardhat: { chainId: 31337 } } };
