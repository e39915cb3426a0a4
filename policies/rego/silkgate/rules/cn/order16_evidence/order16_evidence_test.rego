package silkgate.tests.rules.cn.order16_evidence

import data.silkgate.examples

test_a_pass_through_keeps_its_proof if {
	"cn.order16.art4.evidence" in data.silkgate.rules.cn.order16_evidence.obligations with input as examples.members({"collected_in": "SG", "basis": {"exemption": "cn.order16.art4"}})
}

test_a_claim_that_does_not_hold_needs_none if {
	count(data.silkgate.rules.cn.order16_evidence.obligations) == 0 with input as examples.members({"basis": {"exemption": "cn.order16.art4"}})
}

test_another_exemption_than_the_claimed_one_needs_none if {
	count(data.silkgate.rules.cn.order16_evidence.obligations) == 0 with input as examples.members({"collected_in": "SG", "basis": {"exemption": "cn.order16.art4"}, "fields": [examples.field("/x", "biz_product", "general", "confirmed")]})
}
