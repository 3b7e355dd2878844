"""The node: one loop that does whatever duty is due."""

from __future__ import annotations

from derelay.chain.view import View
from derelay.learn.loading import task_hash
from derelay.learn.task import TaskError
from derelay.node import closer, maintainer, owner, trainer
from derelay.node.participant import Participant

REGISTER_GAS = 400_000
ROTATE_GAS = 100_000
WITHDRAW_GAS = 300_000


class Node:
    """A participant at work.

    Level-triggered: `step` compares what the chain says with what the journal says and sends what is
    missing. Call it twice, or kill the process anywhere and call it again: the outcome is the same.

    Parameters
    ----------
    trains, maintains
        Which roles it offers to take.

    Raises
    ------
    TaskError
        If its task is not the relay's.
    """

    def __init__(self, me: Participant, *, trains: bool = True, maintains: bool = True) -> None:
        mine = task_hash(me.task)
        if mine != me.relay.task_hash:
            raise TaskError(
                f"task {me.task.name!r} here has the hash {mine.hex()[:12]}, the relay's task "
                f"{me.relay.task_name!r} has {me.relay.task_hash.hex()[:12]}: install the relay's version"
            )
        self.me = me
        self.trains = trains
        self.maintains = maintains
        self._round: int | None = None

    def step(self) -> bool:
        """Do what is due as of the newest block; return whether any transaction was sent."""
        view = self.me.look()
        handed_in = self.me.sender.tend()
        self._tidy(view)
        if self._join():
            return True
        duties = [owner.serve, maintainer.test, closer.keep_going]
        if self.trains:
            duties.insert(1, trainer.train)  # training takes long, and others wait for their keys
        return any([duty(self.me, view) for duty in duties]) or handed_in

    def withdraw(self) -> bool:
        """Take what one is owed; return whether there is anything."""
        self.me.look()
        handed_in = self.me.sender.tend()
        owed = self.me.relay.owed(self.me.address)
        if not any(owed):
            return handed_in
        action = f"withdraw {owed[0]} and {owed[1]}"  # more than once in a round, if there is more
        return self.me.act(action, self.me.relay.accounts, "withdraw", gas=WITHDRAW_GAS) or handed_in

    def _join(self) -> bool:
        me, registry = self.me, self.me.relay.registry
        member = me.relay.member(me.address)
        if not any(member.key):
            bond = me.relay.bond if not self.maintains else me.relay.maintainer_bond
            return me.act(
                "register",
                registry,
                "register",
                me.encryption_public,
                me.url,
                value=bond,
                gas=REGISTER_GAS,
            )
        if not member.is_registered:
            return False
        mine = me.encryption_public
        if member.key != mine and me.act(
            f"rotate key to {mine.hex()[:12]}", registry, "rotate_key", mine, gas=ROTATE_GAS
        ):
            return True
        if not self.maintains or member.place:
            return False
        missing = me.relay.maintainer_bond - member.bond
        if missing > 0:  # after a slashing
            return me.act("raise bond", registry, "raise_bond", value=missing, gas=REGISTER_GAS)
        if me.relay.rounds.read("frozen"):
            return False
        return me.act("maintain", registry, "maintain", gas=REGISTER_GAS)

    def _tidy(self, view: View) -> None:
        """Close the batons that are not needed now, and forget what no reorganization brings back."""
        self.me.shelf.keep_whole(view.head.id)  # the next head may be a change to it
        self.me.forget_all_but({view.head.id, *(child.id for child in view.children)})
        if view.round.number != self._round:
            self.me.forget(view.round.number - 1)
            self._round = view.round.number
