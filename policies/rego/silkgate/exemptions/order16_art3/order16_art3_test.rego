package silkgate.tests.exemptions.order16_art3

import data.silkgate.examples

test_goods_are_exempt if {
	data.silkgate.exemptions.order16_art3.exemption.covers == ["*"] with input as examples.order({"fields": [examples.field("/x", "biz_product", "general", "confirmed")]})
}

test_persons_are_not if {
	not data.silkgate.exemptions.order16_art3.exemption with input as examples.order({})
}

test_what_may_be_important_is_not if {
	not data.silkgate.exemptions.order16_art3.exemption with input as examples.order({"fields": [examples.field("/x", "imp_geo", "important_candidate", "confirmed")]})
}
