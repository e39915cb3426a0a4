package silkgate.tests.rules.cn.pipl_art55_assessment

import data.silkgate.examples

test_an_assessment_comes_first if {
	"pipl.55.pipia" in data.silkgate.rules.cn.pipl_art55_assessment.obligations with input as examples.order({})
}

test_unless_nothing_leaves if {
	count(data.silkgate.rules.cn.pipl_art55_assessment.obligations) == 0 with input as examples.order({"fields": [examples.field("/x", "spi_credential", "spi", "confirmed")]})
}

test_not_from_another_origin if {
	count(data.silkgate.rules.cn.pipl_art55_assessment.obligations) == 0 with input as examples.order({"origin": "JP"})
}
