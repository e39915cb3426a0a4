package silkgate.tests.rules.cn.order16_art5_1_4_volume

import data.silkgate.examples

test_few_persons_are_exempt if {
	rule := data.silkgate.rules.cn.order16_art5_1_4_volume with input as examples.members({})
	rule.carried_by == "exemption"
	"cn.order16.art5.1.4" in {reason.code | some reason in rule.because}
}

test_a_hundred_thousand_are_not if {
	not data.silkgate.rules.cn.order16_art5_1_4_volume.carried_by with input as examples.members({"bands": examples.bands(100000, 1000000, 0, 1)})
}

test_an_operator_is_not if {
	not data.silkgate.rules.cn.order16_art5_1_4_volume.carried_by with input as examples.members({"exporter": {"ciio": true}})
}

test_sensitive_data_is_not if {
	not data.silkgate.rules.cn.order16_art5_1_4_volume.carried_by with input as examples.members({"purpose": "ai_customer_service", "fields": [examples.field("/x", "pi_gov_id", "spi", "confirmed")]})
}
