package silkgate.tests.rules.cn.order16_art6_negative_list

import data.silkgate.examples

test_a_claim_on_no_list_is_reviewed if {
	"cn.order16.art6.list_unknown" in {reason.code | some reason in data.silkgate.rules.cn.order16_art6_negative_list.review} with input as examples.members({"basis": {"exemption": "cn.order16.art6"}})
}

test_no_claim_no_question if {
	count(data.silkgate.rules.cn.order16_art6_negative_list.review) == 0 with input as examples.members({})
}

test_it_asks_for_the_list if {
	"policy.overlay.negative_lists" in data.silkgate.rules.cn.order16_art6_negative_list.needs with input as examples.members({"basis": {"exemption": "cn.order16.art6"}})
}

test_with_the_list_in_force_nothing_is_missing if {
	rule := data.silkgate.rules.cn.order16_art6_negative_list with input as examples.members({"exporter": {"zone": "shanghai"}, "basis": {"exemption": "cn.order16.art6"}}) with data.silkgate.overlay as {"negative_lists": {"shanghai": {"version": "2026-04-29", "sectors": ["e-commerce"], "items": []}}}
	count(rule.review) == 0
	count(rule.needs) == 0
}
