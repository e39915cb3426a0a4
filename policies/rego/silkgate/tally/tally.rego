# METADATA
# title: Where this year's counts lie
# description: |
#   Compares the bands with the thresholds of Order 16. A band is the count after this export; one
#   that holds a threshold within it, or no band at all, proves neither side.
# custom:
#   zh: 以区间判断当年累计人数相对法定阈值的位置；区间跨越阈值即视为未知
#   citation: CAC Order 16 arts 5(1)④, 7, 8
package silkgate.tally

import data.silkgate.counting

# METADATA
# description: The count is at or above the threshold (以上 includes the number itself).
reached(kind, threshold) if input.bands[kind].at_least >= threshold

# METADATA
# description: The count is below the threshold.
under(kind, threshold) if {
	is_number(input.bands[kind].below)
	input.bands[kind].below <= threshold
}

_limit := data.silkgate.thresholds.order16

# METADATA
# description: Art 7, first paragraph, item 2.
default assessment_due := false

assessment_due if reached("general", _limit.assessment_general)

assessment_due if reached("sensitive", _limit.assessment_sensitive)

# METADATA
# description: Art 8. One sensitive person is enough.
default contract_due := false

contract_due if {
	_below_assessment
	_above_exemption
}

# METADATA
# description: Art 5(1)④. No sensitive person this year, and fewer than the general threshold.
exempt_by_volume if {
	not counting.counts.sensitive
	under("sensitive", _limit.contract_sensitive)
	under("general", _limit.contract_general)
}

# METADATA
# description: One of the three is proven.
known if assessment_due

known if contract_due

known if exempt_by_volume

_below_assessment if {
	under("general", _limit.assessment_general)
	under("sensitive", _limit.assessment_sensitive)
}

_above_exemption if counting.counts.sensitive

_above_exemption if reached("sensitive", _limit.contract_sensitive)

_above_exemption if reached("general", _limit.contract_general)
