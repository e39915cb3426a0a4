package silkgate.tests.rules.origin.permit

import data.silkgate.examples

test_a_return_flow_needs_a_permit if {
	"origin.permit_missing" in {reason.code | some reason in data.silkgate.rules.origin.permit.deny} with input as examples.members({"origin": "EG"})
}

test_goods_do_not if {
	count(data.silkgate.rules.origin.permit.deny) == 0 with input as examples.members({"origin": "EG", "fields": [examples.field("/x", "biz_product", "general", "confirmed")]})
}

test_other_origins_do_not if {
	count(data.silkgate.rules.origin.permit.deny) == 0 with input as examples.members({"origin": "SG"})
}

test_it_asks_for_the_permit if {
	"overlay.waivers" in data.silkgate.rules.origin.permit.needs with input as examples.members({"origin": "EG"})
}
