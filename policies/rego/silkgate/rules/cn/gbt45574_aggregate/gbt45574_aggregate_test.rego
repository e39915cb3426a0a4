package silkgate.tests.rules.cn.gbt45574_aggregate

import data.silkgate.examples

test_an_ordinary_order_is_no_aggregate if {
	count(data.silkgate.rules.cn.gbt45574_aggregate.review) == 0 with input as examples.order({})
}

test_items_that_are_sensitive_together_are_reviewed if {
	decision := data.silkgate.decision with input as examples.members({}) with data.silkgate.overlay as {"settings": {"sensitive_together": [["pi_contact_phone", "pi_account/"]]}}
	examples.codes(decision) == {"cn.gbt45574.aggregate"}
}

test_some_of_them_are_not if {
	decision := data.silkgate.decision with input as examples.members({}) with data.silkgate.overlay as {"settings": {"sensitive_together": [["pi_contact_phone", "pi_device"]]}}
	decision.outcome == "allow"
}

test_from_another_origin_they_are_none if {
	reviews := data.silkgate.rules.cn.gbt45574_aggregate.review with input as examples.members({"origin": "JP"}) with data.silkgate.overlay as {"settings": {"sensitive_together": [["pi_contact_phone", "pi_account/"]]}}
	count(reviews) == 0
}
