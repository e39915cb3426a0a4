# METADATA
# title: Necessary fields
# description: Whether the purpose's necessary list names the category, or the entity of it.
# custom:
#   zh: 字段是否在目的所列必需清单之内
#   citation: CAC Order 16 art 5(1)
package silkgate.necessity

import data.silkgate.treating

needed(kind) if _list[kind.category]

needed(kind) if _list[kind.key]

_list := {key | some key in treating.profile.necessary}
