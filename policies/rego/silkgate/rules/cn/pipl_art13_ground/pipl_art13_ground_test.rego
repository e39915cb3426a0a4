package silkgate.tests.rules.cn.pipl_art13_ground

import data.silkgate.examples

test_analysis_is_no_contract if {
	"cn.pipl.art13.ground_unfit" in {reason.code | some reason in data.silkgate.rules.cn.pipl_art13_ground.deny} with input as examples.members({"basis": {"ground": "contract"}})
}

test_an_empty_ground_is_none if {
	"cn.pipl.art13.ground_unfit" in {reason.code | some reason in data.silkgate.rules.cn.pipl_art13_ground.deny} with input as examples.order({"basis": {"ground": ""}})
}

test_a_fitting_one_passes if {
	count(data.silkgate.rules.cn.pipl_art13_ground.deny) == 0 with input as examples.order({})
}

test_nothing_leaves_no_ground_needed if {
	count(data.silkgate.rules.cn.pipl_art13_ground.deny) == 0 with input as examples.order({"basis": {"ground": ""}, "fields": [examples.field("/x", "spi_credential", "spi", "confirmed")]})
}

test_a_statutory_duty_fits_any if {
	count(data.silkgate.rules.cn.pipl_art13_ground.deny) == 0 with input as examples.order({"basis": {"ground": "statutory_duty"}})
}

test_it_asks_for_the_ground if {
	"basis.ground" in data.silkgate.rules.cn.pipl_art13_ground.needs with input as examples.order({"basis": {"ground": ""}})
}

test_it_does_not_speak_for_another_origin if {
	rule := data.silkgate.rules.cn.pipl_art13_ground with input as examples.order({"origin": "JP", "basis": {"ground": "consent"}})
	count(rule.deny) == 0
	count(rule.needs) == 0
}
