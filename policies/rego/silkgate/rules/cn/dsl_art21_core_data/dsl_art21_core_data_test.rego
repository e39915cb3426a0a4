package silkgate.tests.rules.cn.dsl_art21_core_data

import data.silkgate.examples

test_core_data_is_denied if {
	"cn.dsl.art21.core_data" in {reason.code | some reason in data.silkgate.rules.cn.dsl_art21_core_data.deny} with input as examples.order({"fields": [examples.field("/x", "core_data", "general", "confirmed")]})
}

test_whatever_its_category if {
	"cn.dsl.art21.core_data" in {reason.code | some reason in data.silkgate.rules.cn.dsl_art21_core_data.deny} with input as examples.order({"fields": [examples.field("/x", "biz_product", "core", "confirmed")]})
}

test_ordinary_data_is_not if {
	count(data.silkgate.rules.cn.dsl_art21_core_data.deny) == 0 with input as examples.order({})
}
