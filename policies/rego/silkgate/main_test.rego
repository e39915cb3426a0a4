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
