"""The node: one loop that does whatever duty is due."""

from __future__ import annotations

from derelay.chain.view import View
from derelay.learn.loading import task_hash
from derelay.learn.task import TaskError
from derelay.node import closer, maintainer, owner, trainer
from derelay.node.participant import Participant

REGISTER_GAS = 400_000
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

    def step(self) -> bool:
        """Do what is due as of the newest block; return whether any transaction was sent."""
        view = self.me.relay.view()
        if self._join():
            return True
        self._close_batons(view)
        duties = [owner.serve, maintainer.test, closer.keep_going]
        if self.trains:
            duties.insert(0, trainer.train)
        return any([duty(self.me, view) for duty in duties])

    def withdraw(self) -> bool:
        """Take what one is owed; return whether there is anything."""
        if not any(self.me.relay.owed(self.me.address)):
            return False
        return self.me.act("withdraw", self.me.relay.accounts, "withdraw", gas=WITHDRAW_GAS)

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
        if not self.maintains or member.place or not member.is_registered:
            return False
        missing = me.relay.maintainer_bond - member.bond
        if missing > 0:  # after a slashing
            return me.act("raise bond", registry, "raise_bond", value=missing, gas=REGISTER_GAS)
        if me.relay.rounds.read("frozen"):
            return False
        return me.act("maintain", registry, "maintain", gas=REGISTER_GAS)

    def _close_batons(self, view: View) -> None:
        self.me.forget_all_but({view.head.id, *(child.id for child in view.children)})
