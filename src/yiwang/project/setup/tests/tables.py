"""The units and people that staff an empty district: one of each post that a case passes."""

UNITS = "单位名称,单位编码,处置单位,岗位\n河道管理所,river9,是,部门经办\n"
PEOPLE = """账号,姓名,单位,岗位,角色,区域
acc1,甲一,监督中心,acceptor,,420117
lead1,甲二,监督中心,shift_leader,,420117
disp1,甲三,指挥中心,dispatcher,,420117
clerk1,甲四,河道管理所,部门经办,,
grid1,甲五,zhucheng,collector,,420117001
"""
