package silkgate.tests.rules.agreements.sandbox

import data.silkgate.examples

test_a_decision_in_a_sandbox_is_flagged if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as _overlay({})
	decision.outcome == "allow"
	"sandbox.try" in decision.obligations
}

test_another_route_is_not if {
	decision := data.silkgate.decision with input as examples.order({"route": "other"}) with data.silkgate.overlay as _overlay({"until": "2026-01-01"})
	decision.outcome == "allow"
	not "sandbox.try" in decision.obligations
}

test_its_first_and_last_day if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as _overlay({"from": "2026-11-22", "until": "2026-11-22"})
	decision.outcome == "allow"
}

test_not_after_its_last_day if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as _overlay({"until": "2026-11-21"})
	decision.outcome == "deny"
	[reason.code | some reason in decision.reasons] == ["sandbox.closed"]
}

test_not_before_its_first_day if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as _overlay({"from": "2026-11-23"})
	decision.outcome == "deny"
}

test_under_its_cap if {
	decision := data.silkgate.decision with input as examples.members({"route": "sg-fulfilment", "bands": examples.bands(0, 500, 0, 1)}) with data.silkgate.overlay as _overlay({})
	decision.outcome == "allow"
}

test_at_its_cap if {
	decision := data.silkgate.decision with input as examples.members({"route": "sg-fulfilment", "bands": examples.bands(500, 100000, 0, 1)}) with data.silkgate.overlay as _overlay({})
	decision.outcome == "deny"
	[reason.code | some reason in decision.reasons] == ["sandbox.cap"]
}

_overlay(changes) := {"sandboxes": {"try": object.union({"route": "sg-fulfilment", "by": "x", "why": "y", "from": "2026-11-01", "until": "2026-12-31", "below_persons": 500}, changes)}}
