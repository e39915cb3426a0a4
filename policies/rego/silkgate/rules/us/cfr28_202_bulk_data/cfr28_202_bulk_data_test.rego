package silkgate.tests.rules.us.cfr28_202_bulk_data

import data.silkgate.examples

test_us_data_to_a_country_of_concern if {
	"us.28cfr202" in {reason.code | some reason in data.silkgate.rules.us.cfr28_202_bulk_data.deny} with input as examples.members({"collected_in": "US", "destination": "RU"})
}

test_us_data_elsewhere if {
	count(data.silkgate.rules.us.cfr28_202_bulk_data.deny) == 0 with input as examples.members({"collected_in": "US", "destination": "SG"})
}

test_goods_are_not_persons if {
	count(data.silkgate.rules.us.cfr28_202_bulk_data.deny) == 0 with input as examples.members({"collected_in": "US", "destination": "RU", "fields": [examples.field("/x", "biz_product", "general", "confirmed")]})
}

test_chinese_data_is_not_concerned if {
	count(data.silkgate.rules.us.cfr28_202_bulk_data.deny) == 0 with input as examples.members({"destination": "RU"})
}
