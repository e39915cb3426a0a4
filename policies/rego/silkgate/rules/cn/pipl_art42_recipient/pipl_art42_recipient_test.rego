package silkgate.tests.rules.cn.pipl_art42_recipient

import data.silkgate.examples

test_an_unlisted_recipient_passes if {
	count(data.silkgate.rules.cn.pipl_art42_recipient.deny) == 0 with input as examples.order({})
}

test_a_restricted_recipient_gets_nothing if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as {"settings": {"restricted_recipients": ["Partner Logistics Pte Ltd"]}}
	examples.codes(decision) == {"cn.pipl.art42.recipient_restricted"}
}
