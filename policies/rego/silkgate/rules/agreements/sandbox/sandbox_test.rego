package silkgate.tests.rules.agreements.sandbox

import data.silkgate.examples

test_a_decision_in_a_sandbox_is_flagged if {
	decision := data.silkgate.decision with input as _order({}) with data.silkgate.overlay as _overlay({})
	decision.outcome == "allow"
	"sandbox.try" in decision.obligations
	decision.needs == []
}

test_another_route_is_not if {
	decision := data.silkgate.decision with input as _order({"route": "other"}) with data.silkgate.overlay as _overlay({"until": "2026-01-01"})
	decision.outcome == "allow"
	not "sandbox.try" in decision.obligations
}

test_its_first_and_last_day if {
	decision := data.silkgate.decision with input as _order({}) with data.silkgate.overlay as _overlay({"from": "2026-11-22", "until": "2026-11-22"})
	decision.outcome == "allow"
}

test_a_cap_wants_no_tally if {
	decision := data.silkgate.decision with input as _order({"bands": examples.within("sandbox.try", null, null, null)}) with data.silkgate.overlay as _overlay({})
	examples.codes(decision) == {"sandbox.cap"}
	decision.needs == []
}

test_a_cap_that_is_no_number_is_met if {
	decision := data.silkgate.decision with input as _order({}) with data.silkgate.overlay as _overlay({"below_persons": "9"})
	"sandbox.cap" in examples.codes(decision)
}

test_not_after_its_last_day if {
	decision := data.silkgate.decision with input as _order({}) with data.silkgate.overlay as _overlay({"until": "2026-11-21"})
	decision.outcome == "deny"
	[reason.code | some reason in decision.reasons] == ["sandbox.closed"]
}

test_not_before_its_first_day if {
	decision := data.silkgate.decision with input as _order({}) with data.silkgate.overlay as _overlay({"from": "2026-11-23"})
	decision.outcome == "deny"
}

test_before_the_count_only_its_days_matter if {
	decision := data.silkgate.decision with input as _order({"bands": null}) with data.silkgate.overlay as _overlay({})
	decision.outcome == "allow"
	decision.needs == []
}

test_at_its_cap_on_persons_though_exempt if {
	decision := data.silkgate.decision with input as _order({"bands": examples.within("sandbox.try", null, 9000, 1048576)}) with data.silkgate.overlay as _overlay({})
	decision.outcome == "deny"
	[reason.code | some reason in decision.reasons] == ["sandbox.cap"]
}

test_at_its_cap_on_records if {
	decision := data.silkgate.decision with input as _order({"bands": examples.within("sandbox.try", 500, null, 1048576)}) with data.silkgate.overlay as _overlay({})
	[reason.code | some reason in decision.reasons] == ["sandbox.cap"]
}

test_at_its_cap_on_bytes if {
	decision := data.silkgate.decision with input as _order({"bands": examples.within("sandbox.try", 500, 9000, null)}) with data.silkgate.overlay as _overlay({})
	[reason.code | some reason in decision.reasons] == ["sandbox.cap"]
}

test_a_band_that_goes_beyond_the_cap_proves_nothing if {
	decision := data.silkgate.decision with input as _order({"bands": examples.within("sandbox.try", 501, 9000, 1048576)}) with data.silkgate.overlay as _overlay({})
	[reason.code | some reason in decision.reasons] == ["sandbox.cap"]
}

test_a_tally_nobody_told_of_is_for_a_person if {
	decision := data.silkgate.decision with input as examples.order({"bands": examples.within("sandbox.another", 500, 9000, 1048576)}) with data.silkgate.overlay as _overlay({})
	decision.outcome == "review"
	decision.needs == ["bands.within"]
	[reason.code | some reason in decision.reasons] == ["sandbox.tally_unknown"]
}

test_the_years_tally_is_not_the_sandboxs if {
	decision := data.silkgate.decision with input as examples.order({"bands": object.union(examples.within("sandbox.try", 500, 9000, 1048576), {"general": {"at_least": 500, "below": 100000}})}) with data.silkgate.overlay as _overlay({})
	decision.outcome == "allow"
}

_order(changes) := examples.order(object.union({"bands": examples.within("sandbox.try", 500, 9000, 1048576)}, changes))

_overlay(changes) := {"sandboxes": {"try": object.union(
	{
		"route": "sg-fulfilment",
		"by": "x",
		"why": "y",
		"from": "2026-11-01",
		"until": "2026-12-31",
		"below_persons": 500,
		"below_records": 9000,
		"below_bytes": 1048576,
	},
	changes,
)}}
