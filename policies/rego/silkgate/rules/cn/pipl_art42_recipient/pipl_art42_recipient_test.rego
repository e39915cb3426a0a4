package silkgate.tests.rules.cn.pipl_art42_recipient

import data.silkgate.examples

test_an_unlisted_recipient_passes if {
	count(data.silkgate.rules.cn.pipl_art42_recipient.deny) == 0 with input as examples.order({})
}
