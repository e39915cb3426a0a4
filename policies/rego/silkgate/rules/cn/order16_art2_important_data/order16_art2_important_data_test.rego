package silkgate.tests.rules.cn.order16_art2_important_data

import data.silkgate.examples

test_a_candidate_is_reviewed if {
	"cn.order16.art2.candidate" in {reason.code | some reason in data.silkgate.rules.cn.order16_art2_important_data.review} with input as examples.order({"fields": [examples.field("/x", "imp_geo", "general", "confirmed")]})
}

test_important_data_is_denied if {
	"cn.order16.art7.important_data" in {reason.code | some reason in data.silkgate.rules.cn.order16_art2_important_data.deny} with input as examples.order({"fields": [examples.field("/x", "biz_product", "important", "confirmed")]})
}

test_an_assessment_carries_it if {
	data.silkgate.rules.cn.order16_art2_important_data.carried_by == "security_assessment" with input as examples.order({"fields": [examples.field("/x", "imp_geo", "important", "confirmed")], "basis": {"mechanism": examples.mechanism("security_assessment", "2029-03-01")}})
}

test_declared_it_is_no_candidate if {
	count(data.silkgate.rules.cn.order16_art2_important_data.review) == 0 with input as examples.order({"fields": [examples.field("/x", "imp_geo", "important", "confirmed")]})
}

test_ordinary_data_is_neither if {
	rule := data.silkgate.rules.cn.order16_art2_important_data with input as examples.order({})
	count(rule.review) == 0
	count(rule.deny) == 0
}

test_it_asks_for_the_level if {
	"fields.level" in data.silkgate.rules.cn.order16_art2_important_data.needs with input as examples.order({"fields": [examples.field("/x", "imp_geo", "general", "confirmed")]})
}

test_it_asks_for_an_assessment if {
	"basis.mechanism" in data.silkgate.rules.cn.order16_art2_important_data.needs with input as examples.order({"fields": [examples.field("/x", "imp_geo", "important", "confirmed")]})
}

test_core_data_is_no_candidate if {
	count(data.silkgate.rules.cn.order16_art2_important_data.review) == 0 with input as examples.order({"fields": [examples.field("/x", "imp_geo", "core", "confirmed")]})
}

test_abroad_there_are_no_candidates if {
	rule := data.silkgate.rules.cn.order16_art2_important_data with input as examples.order({"origin": "JP", "fields": [examples.field("/x", "imp_geo", "general", "confirmed"), examples.field("/y", "biz_product", "important_candidate", "confirmed")]})
	count(rule.review) == 0
	count(rule.needs) == 0
}
