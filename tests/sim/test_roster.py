"""Actors get the behaviours that their edges call for."""

from __future__ import annotations

from sim import CrisisModel


def test_a_country_with_two_roles_has_both_behaviours() -> None:
    """Qatar bases American forces and mediates: it hosts and carries messages."""
    qatar = CrisisModel(crisis="january-2020").world.actors["qatar"]
    assert {"Hosting", "Mediation", "Desk", "AllianceDuty"} <= set(qatar.behaviours)


def test_principals_do_not_mediate() -> None:
    """A party to a rivalry carries no messages between others, however many channels it has."""
    actors = CrisisModel(crisis="january-2020").world.actors
    assert "Mediation" not in actors["usa"].behaviours
    assert "Mediation" not in actors["iran"].behaviours
    assert "Mediation" in actors["switzerland"].behaviours


def test_proxies_have_a_clock_and_no_desk() -> None:
    """An armed group strikes by its own clock or on order, and deliberates on nothing."""
    proxy = CrisisModel(crisis="january-2020").world.actors["kataib-hezbollah"]
    assert set(proxy.behaviours) == {"DamageAssessment", "ProxyClock"}
