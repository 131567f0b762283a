package dev.mortise.mcp.call;

import java.time.Duration;
import java.util.List;

/** {@link Wording} in simplified Chinese. Names, scopes and capabilities stay as the protocol has them. */
enum ChineseWording implements Wording {
    INSTANCE;

    @Override
    public Language language() {
        return Language.CHINESE;
    }

    @Override
    public String unauthenticated(String reason) {
        return "需要有效的凭据（" + reason + "）";
    }

    @Override
    public String missingScope(List<String> scopes) {
        return "此操作需要以下权限范围：" + String.join(" ", scopes);
    }

    @Override
    public String rateLimited(long seconds) {
        return "请求过于频繁；请在 " + seconds + " 秒后重试";
    }

    @Override
    public String overloaded() {
        return "服务器过载或正在关闭";
    }

    @Override
    public String unavailable(String dependency) {
        return "所依赖的服务暂时不可用（" + dependency + "）";
    }

    @Override
    public String timedOut(Duration after) {
        return "已等待 " + after.toMillis() + " 毫秒，操作超时；操作可能已经执行";
    }

    @Override
    public String unknownTool(String name) {
        return "没有此工具：" + name;
    }

    @Override
    public String unknownPrompt(String name) {
        return "没有此提示词：" + name;
    }

    @Override
    public String unknownResource() {
        return "没有此资源";
    }

    @Override
    public String unknownResourceTemplate() {
        return "没有此资源模板";
    }

    @Override
    public String notFound() {
        return "没有找到";
    }

    @Override
    public String missingCapability(List<String> names) {
        return "此次调用需要客户端未声明或此处无法使用的能力：" + String.join(", ", names);
    }

    @Override
    public String pageToOpenFirst() {
        return "用户需要先打开一个页面";
    }

    @Override
    public String invalidState() {
        return "requestState 对此请求无效或已过期；请重新发起调用";
    }

    @Override
    public String tooMuchToRemember() {
        return "此次调用需要记住的内容超出了上限";
    }

    @Override
    public String ended() {
        return "服务器已终止此次调用";
    }

    @Override
    public String internalError() {
        return "内部错误";
    }

    @Override
    public String toolFailed(String tool, String reference) {
        return "工具 " + tool + " 意外失败。供运维人员查询的编号：" + reference;
    }

    @Override
    public String invalidArguments() {
        return "参数无效：";
    }

    @Override
    public String unanswered() {
        return "客户端未在规定时间内答复";
    }

    @Override
    public String notAnswered(String method, String reason) {
        return "客户端无法答复 " + method + "：" + reason;
    }
}
