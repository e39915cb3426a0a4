package silkgate.tests.waivers

import data.silkgate.examples

test_a_waiver_lifts_its_denial_and_says_so if {
	decision := data.silkgate.decision with input as examples.members({"basis": {"consent": null}}) with data.silkgate.overlay as _waived("2026-11-22")
	decision.outcome == "allow"
	examples.codes(decision) == {"cn.order16.art5.1.4", "waiver.cn.pipl.art39.consent_missing"}
}

test_a_waiver_ends if {
	decision := data.silkgate.decision with input as examples.members({"basis": {"consent": null}}) with data.silkgate.overlay as _waived("2026-11-21")
	decision.outcome == "deny"
}

test_a_waiver_without_a_name_does_not_count if {
	decision := data.silkgate.decision with input as examples.members({"basis": {"consent": null}}) with data.silkgate.overlay as {"waivers": {"cn.pipl.art39.consent_missing": {"by": "", "why": "w", "until": "2027-01-01"}}}
	decision.outcome == "deny"
}

test_a_waiver_without_a_reason_does_not_count if {
	decision := data.silkgate.decision with input as examples.members({"basis": {"consent": null}}) with data.silkgate.overlay as {"waivers": {"cn.pipl.art39.consent_missing": {"by": "b", "why": "", "until": "2027-01-01"}}}
	decision.outcome == "deny"
}

test_not_every_denial_can_be_waived if {
	decision := data.silkgate.decision with input as examples.order({"destination": "ZZ"}) with data.silkgate.overlay as {"waivers": {"destination.unknown": {"by": "b", "why": "w", "until": "2027-01-01"}}}
	decision.outcome == "deny"
}

test_a_waiver_whose_name_is_none_does_not_count if {
	decision := data.silkgate.decision with input as examples.members({"basis": {"consent": null}}) with data.silkgate.overlay as _changed({"by": 5})
	decision.outcome == "deny"
}

test_a_waiver_whose_reason_is_none_does_not_count if {
	decision := data.silkgate.decision with input as examples.members({"basis": {"consent": null}}) with data.silkgate.overlay as _changed({"why": 5})
	decision.outcome == "deny"
}

test_a_waiver_until_no_day_does_not_count if {
	decision := data.silkgate.decision with input as examples.members({"basis": {"consent": null}}) with data.silkgate.overlay as _waived("for ever")
	decision.outcome == "deny"
}

_changed(changes) := {"waivers": {"cn.pipl.art39.consent_missing": object.union({"by": "b", "why": "w", "until": "2027-01-01"}, changes)}}

_waived(until) := {"waivers": {"cn.pipl.art39.consent_missing": {
	"by": "Data protection officer",
	"why": "consent is held on paper",
	"until": until,
}}}
