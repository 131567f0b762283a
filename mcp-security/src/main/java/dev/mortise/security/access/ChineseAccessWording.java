package dev.mortise.security.access;

/** {@link AccessWording} in simplified Chinese. */
enum ChineseAccessWording implements AccessWording {
    INSTANCE;

    @Override
    public String givenForUseOnly() {
        return "此操作需要批准，且批准仅用于实际调用";
    }

    @Override
    public String tooLongToApprove() {
        return "参数过长，无法提交批准";
    }

    @Override
    public String tooManyOpen() {
        return "您等待批准的请求过多";
    }

    @Override
    public String usedUp() {
        return "此次调用的批准已被使用";
    }

    @Override
    public String denied(String request) {
        return "请求 " + request + " 已被拒绝";
    }

    @Override
    public String takenBack(String request) {
        return "批准 " + request + " 已被撤回";
    }

    @Override
    public String pending(String request) {
        return "此操作需要批准。请求 " + request + " 正在等待决定；获得批准后，请用相同的参数再次调用";
    }

    @Override
    public String declined() {
        return "批准已被谢绝";
    }

    @Override
    public String question(Approval.Purpose purpose, String name) {
        return (purpose == Approval.Purpose.STEP_UP ? "使用 " : "此次调用 ") + name + " 需要批准。请重新登录后作出决定。";
    }

    @Override
    public String keySpent() {
        return "此 API 密钥的可用额度已用完。未执行任何操作；请更换密钥";
    }

    @Override
    public String stillRunning(long seconds) {
        return "使用此幂等键的首次调用仍在执行；请在 " + seconds + " 秒后重试";
    }

    @Override
    public String keyOfAnotherCall() {
        return "此幂等键已用于另一次调用：确需执行的新调用请使用新的键";
    }

    @Override
    public String resultNotKept() {
        return "使用此幂等键的首次调用已经执行；其结果过大，未能保留";
    }

    @Override
    public String outcomeUnknown() {
        return "使用此幂等键的首次调用已经开始，但无法确定是否执行完毕：请先查明情况，再用新的键调用";
    }
}
