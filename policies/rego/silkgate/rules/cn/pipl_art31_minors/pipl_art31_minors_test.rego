package silkgate.tests.rules.cn.pipl_art31_minors

import data.silkgate.examples

test_a_childs_data_that_is_removed_is_no_matter if {
	count(data.silkgate.rules.cn.pipl_art31_minors.review) == 0 with input as examples.order({"fields": [examples.field("/x", "spi_minor_u14", "spi", "confirmed")]})
}

test_an_ordinary_order_is_no_matter if {
	count(data.silkgate.rules.cn.pipl_art31_minors.review) == 0 with input as examples.order({})
}
