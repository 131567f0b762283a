package dev.mortise.rag.discovery;

import dev.mortise.mcp.call.Language;

/** What something in a request is, by the look of it. */
enum Look {
    WEB_ADDRESS("a web address", "网址"),
    MAIL_ADDRESS("a mail address", "邮箱地址"),
    LOCAL_PATH("a local path", "本地路径"),
    FILE("a file name", "文件名"),
    DOCUMENT("a document's name", "文档文件名"),
    SPREADSHEET("a spreadsheet's name", "表格文件名"),
    IMAGE("an image's name", "图片文件名"),
    CHANNEL("a channel", "频道"),
    PERSON("a person", "人"),
    TICKET("a ticket's key", "工单编号"),
    TIME("a time of day", "时刻"),
    SQL("SQL", "SQL 语句"),
    MONEY("an amount of money", "金额");

    private final String english;
    private final String chinese;

    Look(String english, String chinese) {
        this.english = english;
        this.chinese = chinese;
    }

    String in(Language language) {
        return language.of(english, chinese);
    }
}
