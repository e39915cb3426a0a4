package silkgate.tests.rules.cn.gbt45574_aggregate

import data.silkgate.examples

test_an_ordinary_order_is_no_aggregate if {
	count(data.silkgate.rules.cn.gbt45574_aggregate.review) == 0 with input as examples.order({})
}
