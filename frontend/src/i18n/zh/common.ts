/** 每一页都有的词：外壳、角色、登录、任务。 */
export const common = {
  all: '全部',
  cancel: '取消',
  chosen: '已选',
  copy: '复制',
  edit: '编辑',
  save: '保存',
  saveCsv: '保存为 CSV',
  savePng: '保存为 PNG',
  saved: '已保存。',
  tryAgain: '重试',
}

export const shell = {
  skip: '跳到内容',
  menu: '菜单',
  rooms: '导航',
  home: '首页',
  dashboard: '数据看板',
  drives: '行车记录',
  audit: '审核',
  explore: '浏览',
  datasets: '数据集',
  training: '训练',
  models: '模型',
  fleet: '车队',
  admin: '管理',
  account: '账户',
  theme: { auto: '跟随系统', light: '浅色', dark: '深色' },
  tokens: 'API 令牌',
  logOut: '退出登录',
  notFound: '此地址没有内容',
  notFoundText: '链接可能已过期，或内容已被删除。',
  goHome: '回到首页',
}

export const roles = {
  owner: '所有者',
  lead: '负责人',
  annotator: '标注员',
  ml_engineer: '算法工程师',
  fleet_engineer: '车队工程师',
  viewer: '访客',
}

export const session = {
  lead: '驾驶辅助的审核台与数据引擎',
  email: '邮箱',
  password: '密码',
  logIn: '登录',
  noAccount: '账户由工作区所有者创建。',
  again: '登录已失效',
  againText: '请重新登录。您的工作已保留，登录后会自动提交。',
}

export const jobs = {
  title: '任务',
  lead: '每个长任务：做了什么，结果如何。',
  byState: '按状态显示',
  queued_other: '{{count}} 个任务等待中',
  more: '+{{count}}',
  none: '没有任务',
  noneText: '抽帧、预标注与冻结版本都作为任务运行，进度显示在这里。',
  attempt: '第 {{count}} 次尝试',
  stopping: '正在停止',
  logEmpty: '日志为空。',
  all: '全部任务',
  cancel: '取消',
  retry: '重试',
  log: '日志',
  waits: '等待执行',
  left: '剩余 {{time}}',
  took: '用时 {{time}}',
  state: { queued: '排队', running: '运行中', succeeded: '成功', failed: '失败', cancelled: '已取消' },
}
