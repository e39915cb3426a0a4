package silkgate.tests.main

import data.silkgate.examples

test_order_to_singapore_is_exempt if {
	decision := data.silkgate.decision with input as examples.order({})
	decision.outcome == "allow"
	decision.mechanism == "exemption"
	decision.counts == {"general": false, "sensitive": false}
	examples.codes(decision) == {"cn.order16.art5.1.1"}
	decision.obligations == ["pipl.39.notice", "pipl.55.pipia"]
	decision.needs == []
}

test_members_to_kenya_without_a_route_are_denied if {
	decision := data.silkgate.decision with input as examples.members(examples.many)
	decision.outcome == "deny"
	decision.mechanism == null
	examples.codes(decision) == {"cn.order16.art8.mechanism_missing"}
	decision.needs == ["basis.mechanism"]
}

test_nothing_asked_is_denied if {
	decision := data.silkgate.decision with input as {}
	decision.outcome == "deny"
	examples.codes(decision) == {"input.invalid"}
}

test_an_unknown_part_is_denied if {
	decision := data.silkgate.decision with input as examples.order({"trust_me": true})
	examples.codes(decision) == {"input.invalid"}
}

test_numbers_as_text_are_denied if {
	decision := data.silkgate.decision with input as examples.order({"bands": {
		"general": {"at_least": "0", "below": "1"},
		"sensitive": {"at_least": 0, "below": 1},
	}})
	examples.codes(decision) == {"input.invalid"}
}

test_round_one_asks_for_bands if {
	decision := data.silkgate.decision with input as examples.members({"bands": null})
	decision.outcome == "review"
	decision.mechanism == null
	decision.counts == {"general": true, "sensitive": false}
	decision.needs == ["bands"]
}

test_nobody_is_counted_from_another_origin if {
	not data.silkgate.counting.any with input as examples.members({"origin": "SG"})
}

test_what_was_collected_abroad_does_not_count if {
	not data.silkgate.counting.any with input as examples.members({"collected_in": "SG", "basis": {"exemption": "cn.order16.art4"}})
}

test_a_route_that_carries_it_is_named if {
	decision := data.silkgate.decision with input as _carried({})
	decision.outcome == "allow"
	decision.mechanism == "standard_contract"
	"cn.order16.art8" in examples.codes(decision)
}

test_a_route_carries_nothing_that_is_denied if {
	decision := data.silkgate.decision with input as _carried({"consent": null})
	decision.outcome == "deny"
	decision.mechanism == null
	examples.codes(decision) == {"cn.pipl.art39.consent_missing"}
}

test_nor_what_is_under_review if {
	decision := data.silkgate.decision with input as object.union(_carried({}), {"fields": [examples.field("/a", "pi_telepathy", "pi", "likely"), examples.field("/b", "pi_account", "pi", "likely")]})
	decision.outcome == "review"
	decision.mechanism == null
	examples.codes(decision) == {"category.unknown"}
}

_carried(basis) := examples.members(object.union(examples.many, {"basis": object.union(
	{
		"ground": "consent",
		"exemption": null,
		"consent": {"ref": "consent-2026-07", "notice": "privacy-notice-4"},
		"mechanism": examples.mechanism("standard_contract", "2029-03-01"),
	},
	basis,
)}))
