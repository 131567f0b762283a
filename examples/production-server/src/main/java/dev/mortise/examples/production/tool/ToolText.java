package dev.mortise.examples.production.tool;

import dev.mortise.mcp.call.Language;
import java.util.Arrays;
import java.util.Locale;

/**
 * What tools say beside their results, in both languages: why something cannot be answered as it was asked, and how far long
 * work has come. A value stands where {@code %s} is, or {@code %1$s} where the order is another. Names of tools, arguments
 * and values are the protocol's and are not translated; nor is what SQLite and the books say themselves.
 */
public enum ToolText {
    // Whatever was said by a part that knows the language itself.
    AS_SAID("%s", "%s"),

    CALL_IS_FREE("This call needs no approval, or has it: make it.", "此调用无需批准，或已获批准：请直接调用。"),

    ADMINISTRATOR_OF_ALL("Only an administrator of all tenants may do this.", "只有管理所有租户的管理员才能执行此操作。"),
    NO_REQUEST("There is no request \"%s\".", "没有请求“%s”。"),
    NOT_ONES_OWN_REQUEST(
            "Nobody approves what they ask for themselves: another administrator has to.", "不能批准自己提出的请求：须由另一位管理员批准。"),
    NOT_BY_WHO_ASKS("Somebody else than who asks has to approve this.", "须由请求者以外的人批准。"),
    LEVEL_NEEDED("This takes a credential that reaches %s itself.", "这需要本身达到 %s 级别的凭据。"),
    REQUEST_IS_OVER("The request is decided, used or expired.", "该请求已有决定、已使用或已过期。"),
    NO_KEY("There is no key \"%s\".", "没有密钥“%s”。"),
    NOT_FROM_NEXT("\"after\" is not what \"next\" said.", "“after”不是“next”给出的值。"),
    AUDIT_SIGNING("Signing what there is", "正在签署现有记录"),
    AUDIT_SO_FAR("%s records read, each of them twice", "已读取 %s 条记录，每条读取两次"),
    AUDIT_VERIFIED("%s records verified", "已核验 %s 条记录"),

    NO_ACCOUNT("There is no account \"%s\".", "没有账户“%s”。"),
    UNKNOWN_ACCOUNT(
            "%s is an account that nobody has heard of: it has no key, no user and no usage. list_tenants and list_keys show"
                    + " those that there are. If the administrator means a new one, say so with \"create\".",
            "没有人知道账户 %s：它没有密钥、没有用户，也没有用量。list_tenants 和 list_keys 会列出现有的账户。若管理员确实要新建账户，请用“create”说明。"),
    NO_PLAN("There is no plan \"%s\": mortise://plans has them all.", "没有套餐“%s”：全部套餐见 mortise://plans。"),
    PAID_ELSEWHERE(
            "This account pays through a provider of payments: its plan is changed there.", "该账户通过支付服务商付款：请在那里更改套餐。"),
    HAS_ITS_PRICE("%s has a price of its own: leave \"price\" out.", "%s 有固定价格：请勿填写“price”。"),
    PRICE_IS_MISSING(
            "%s has no price: one has to be agreed upon, and given as \"price\".", "%s 没有固定价格：须先商定价格，并用“price”给出。"),
    OTHER_PERIODS(
            "The periods of %s have %s months, and those of the plan that runs %s: end that subscription first, at"
                    + " /admin/billing.",
            "%s 的周期为 %s 个月，而当前套餐的周期为 %s 个月：请先在 /admin/billing 结束当前订阅。"),
    OTHER_CURRENCY(
            "%s is in %s, and the plan that runs in %s: end that subscription first, at /admin/billing.",
            "%s 以 %s 计价，而当前套餐以 %s 计价：请先在 /admin/billing 结束当前订阅。"),
    NO_AMOUNT("\"%s\" is no amount in %s that is above zero, such as 25.00.", "“%s”不是大于零的 %s 金额，金额写法如 25.00。"),
    NO_PRICE("\"%s\" is no price in %s, such as 250.00.", "“%s”不是 %s 价格，价格写法如 250.00。"),
    NO_CURRENCY("\"%s\" is no currency such as USD, EUR or CNY.", "“%s”不是货币代码，货币代码如 USD、EUR、CNY。"),
    BOOKS_REFUSE("The books refuse this. They say: %s.", "账簿拒绝了此操作，原因（英文）：%s。"),
    NO_INVOICE("There is no invoice \"%s\".", "没有账单“%s”。"),

    TABLES_OR_DATABASE("Pass either \"tables\" or a \"database\".", "请只传入“tables”或“database”之一。"),
    NO_BASE64("\"database\" is no base64.", "“database”不是 base64。"),
    NO_DATABASE("This is no SQLite database, or a damaged one.", "这不是 SQLite 数据库，或数据库已损坏。"),
    NOT_LOADED("The data cannot be loaded: %s.", "数据无法载入：%s。"),
    QUESTIONS_ONLY(
            "Only questions are answered: one SELECT, WITH … SELECT or VALUES. Nothing is changed.",
            "只回答查询：一条 SELECT、WITH … SELECT 或 VALUES。不做任何更改。"),
    NO_SQL_FUNCTION("There is no function %s here: only those that come with SQLite.", "这里没有函数 %s：只有 SQLite 自带的函数。"),
    QUERY_TOOK_TOO_LONG(
            "The query took too long: more than %s seconds, and was ended. Ask for less: fewer tables joined, a WHERE, a"
                    + " LIMIT inside.",
            "查询耗时过长：超过 %s 秒，已被终止。请缩小范围：少连接几个表，加上 WHERE，或在内部使用 LIMIT。"),
    QUERY_TOO_LARGE(
            "The query needs too much memory: more than %s MB for what it sorts, groups or joins, and was ended. Ask for"
                    + " less: fewer tables joined, a WHERE, a LIMIT inside.",
            "查询所需内存过多：排序、分组或连接超过 %s MB，已被终止。请缩小范围：少连接几个表，加上 WHERE，或在内部使用 LIMIT。"),
    TEXT_TOO_LONG(
            "Too long a text: a value, or a row that is sorted or grouped, has at most %s bytes.",
            "文本过长：一个值，或参与排序、分组的一行，最多 %s 字节。"),
    TOO_COMPLICATED(
            "The query is too complicated: ask with fewer columns, subqueries or conditions.", "查询过于复杂：请减少列、子查询或条件。"),
    SQLITE_SAYS("SQLite says: %s. See describe_columns for what there is.", "SQLite 报错：%s。可用 describe_columns 查看有哪些列。"),
    TOO_MANY_QUERIES("Too many queries are waiting just now. Try again in a few seconds.", "当前等待的查询过多，请过几秒再试。"),
    NO_HEADER("The CSV is empty: its first line names the columns.", "CSV 为空：第一行应为列名。"),
    BAD_QUOTES(
            "This is no CSV: a quotation mark is opened and not closed, or stands inside a value that is not quoted.",
            "这不是 CSV：有引号未闭合，或引号出现在未加引号的值中。"),
    NO_CSV("This is no CSV.", "这不是 CSV。"),
    TABLE_TOO_LARGE(
            "A table has at most %s rows and %s cells here. Send a part of it, or only the columns that matter.",
            "这里的表最多 %s 行、%s 个单元格。请只发送其中一部分，或只发送需要的列。"),
    TOO_MANY_COLUMNS("A table has at most %s columns, but this one has %s.", "表最多 %s 列，但此表有 %s 列。"),
    ROW_TOO_LONG("Row %s has %s values, but there are %s columns.", "第 %s 行有 %s 个值，但只有 %s 列。"),
    SERIES_DIFFERS("\"%s\" has %s values, but there are %s labels.", "“%s”有 %s 个值，但有 %s 个标签。"),
    VALUE_TOO_LARGE("Values lie between -1e15 and 1e15.", "数值须在 -1e15 与 1e15 之间。"),
    CHART("A chart of %s values: %s", "包含 %s 个数值的图表：%s"),
    ROWS_READ("%s rows read", "已读取 %s 行"),
    ROWS_LOADED("%s of %s rows loaded", "已载入 %s 行，共 %s 行"),
    DATABASE_LOADED("The database is loaded", "数据库已载入"),
    QUERY_RUNS("The query runs: %s of at most %s seconds", "正在查询：已用 %s 秒，最多 %s 秒"),
    ROWS_FOUND("%s rows found", "找到 %s 行"),

    ONLY_TASKS_ARE_DUE(
            "Only a TASK can be due: leave \"due\" out, or say that it is one.", "只有 TASK 才有期限：请去掉“due”，或说明它是 TASK。"),
    NOTHING_TO_KEEP("There is no text in it that can be kept.", "其中没有可以保存的文字。"),
    TOO_MANY_MEMORIES("There are %s memories already: forget some first.", "已有 %s 条记忆：请先忘掉一些。"),
    NO_TASK("There is no task \"%s\": list_memories shows their ids.", "没有任务“%s”：list_memories 会列出它们的 id。"),

    TOO_MANY_LINES(
            "Texts of at most %s lines are compared, but these have %s and %s. Compare them part by part.",
            "最多比较 %s 行的文本，而这两段分别有 %s 行和 %s 行。请分段比较。"),
    TOO_DIFFERENT(
            "They differ in %s added and %s removed lines, which is too much for one answer. Compare them part by part.",
            "两者相差过大：新增 %s 行，删除 %s 行，一次回答放不下。请分段比较。"),
    TOO_MANY_SENTENCES("A text of %s sentences is too long: summarize it part by part.", "%s 句的文本过长：请分段摘要。"),

    YEARS_BETWEEN("Years lie between %s and %s.", "年份须在 %s 与 %s 之间。"),
    NO_DATE(
            "\"%s\" is no date such as 2026-11-22, and no time such as 2026-11-22T14:30.",
            "“%s”不是日期（如 2026-11-22），也不是时间（如 2026-11-22T14:30）。"),
    NO_ZONE(
            "There is no time zone \"%s\". Names are like Europe/Berlin, Asia/Shanghai, UTC or +08:00;"
                    + " mortise://zones/Europe lists those of an area.",
            "没有时区“%s”。名称如 Europe/Berlin、Asia/Shanghai、UTC 或 +08:00；mortise://zones/Asia 会列出一个地区的时区。"),
    OTHER_QUANTITY("%s measures %s, but %s measures %s.", "%s 是%s单位，而 %s 是%s单位。"),
    NO_UNIT("There is no unit \"%s\". There are: %s.", "没有单位“%s”。可用的单位有：%s。"),
    LENGTH("length", "长度"),
    MASS("mass", "质量"),
    AREA("area", "面积"),
    VOLUME("volume", "体积"),
    TIME("time", "时间"),
    SPEED("speed", "速度"),
    DATA("data", "数据量"),
    ENERGY("energy", "能量"),
    PRESSURE("pressure", "压强"),
    POWER("power", "功率"),
    TEMPERATURE("temperature", "温度"),

    COMMA_GROUPS(
            "A comma separates values and does not group digits: write 1000 or 1_000 for a thousand, and a space behind"
                    + " each comma between values.",
            "逗号用来分隔数值，不能给数字分组：一千请写作 1000 或 1_000，数值之间的逗号后面请加空格。"),
    TOO_DEEP("The expression is nested more than %s deep: work out parts of it first.", "表达式嵌套超过 %s 层：请先算出其中一部分。"),
    NO_NUMBER("\"%s\" is no number.", "“%s”不是数。"),
    NO_VALUE("There is no value \"%s\": only pi and e have names.", "没有名为“%s”的值：只有 pi 和 e 有名称。"),
    TOO_MANY_VALUES("A function takes at most %s values.", "一个函数最多接受 %s 个值。"),
    NO_FUNCTION(
            "There is no function %s of %s values; there are abs, sqrt, floor, ceil, round(x), round(x, digits), factorial,"
                    + " sum, avg, min and max.",
            "没有接受 %2$s 个值的函数 %1$s；可用的有 abs、sqrt、floor、ceil、round(x)、round(x, digits)、factorial、sum、avg、min 和 max。"),
    NO_REAL_ROOT("A negative number has no square root among the real ones.", "负数没有实数平方根。"),
    WHOLE_EXPONENTS("Exponents are whole numbers, or 0.5.", "指数须为整数或 0.5。"),
    BY_ZERO("That divides by zero.", "除数为零。"),
    WHOLE_NUMBER_NEEDED("A whole number from %s to %s is needed there.", "此处需要 %s 到 %s 之间的整数。"),
    TOO_MANY_DIGITS("A result on the way has more than %s digits.", "计算过程中的某个结果超过 %s 位数字。"),
    ENDS_EARLY("The expression ends too early.", "表达式不完整。"),
    UNEXPECTED(
            "There is \"%s\" at position %s, where something else is expected. Write numbers, + - * / %% ^, parentheses and"
                    + " functions.",
            "第 %2$s 个字符“%1$s”不应出现在此处。请使用数字、+ - * / %% ^、括号和函数。"),

    FETCHING("Fetching", "正在获取"),
    READING("Reading", "正在阅读"),
    TOO_MANY_HOPS("The page sends its readers on more than %s times.", "该网页重定向超过 %s 次。"),
    NO_ADDRESS("\"%s\" is no address of a page.", "“%s”不是网页地址。"),
    NOT_HTTP("%s is not read: only http and https pages are read.", "不读取 %s：只读取 http 和 https 网页。"),
    NOT_PLAIN("%s is not read: it is not the plain address of a page.", "不读取 %s：它不是普通的网页地址。"),
    NOT_USUAL_PORT(
            "%s is not read: only the usual ports of http and https are asked.", "不读取 %s：只访问 http 和 https 的常用端口。"),
    NOT_PUBLIC("%s is not on the public internet, and other networks are not read.", "%s 不在公共互联网上，其他网络不予读取。"),
    NO_HOST("There is no host %s.", "没有主机 %s。"),
    HOST_IS_SLOW("%s does not answer in time.", "%s 未及时响应。"),
    CONNECTION_FAILS("%s cannot be read: the connection fails.", "无法读取 %s：连接失败。"),
    OTHER_STATUS("%s answers with the status %s.", "%s 返回状态码 %s。"),
    NO_TEXT("The page is of type %s, and only texts are read.", "该网页的类型是 %s，只读取文本。"),
    PAGE_IS_SLOW("The page comes too slowly.", "网页传输过慢。"),
    PAGE_TOO_LARGE("The page is larger than 2 MB.", "网页大于 2 MB。");

    private final String english;
    private final String chinese;

    ToolText(String english, String chinese) {
        this.english = english;
        this.chinese = chinese;
    }

    /** @param values one for each place; a text among them is put in the same language */
    public String in(Language language, Object... values) {
        Object[] worded = Arrays.stream(values)
                .map(value -> value instanceof ToolText text ? text.in(language) : value)
                .toArray();
        return String.format(Locale.ROOT, template(language), worded);
    }

    /** With its places still open. */
    String template(Language language) {
        return language.of(english, chinese);
    }
}
