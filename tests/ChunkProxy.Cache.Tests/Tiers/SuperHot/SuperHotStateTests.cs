using ChunkProxy.Cache.Tiers.SuperHot;

namespace ChunkProxy.Cache.Tests.Tiers.SuperHot;

public sealed class SuperHotStateTests
{
    private static readonly RedisFailure Unreachable = new("no connection", DateTimeOffset.UnixEpoch);
    private static readonly RedisFailure OutOfMemory = new("OOM", DateTimeOffset.UnixEpoch);

    [Fact]
    public void DegradedReason_RedisIsBypassed_IsTheReasonAlone() =>
        Assert.Equal("no connection", new SuperHotState(IsConnected: false, Unreachable, OutOfMemory, Listed: 0).DegradedReason);

    [Fact]
    public void DegradedReason_RedisIsFull_SaysThatItTakesNoChunks() =>
        Assert.Equal("takes no chunks: OOM", new SuperHotState(IsConnected: true, Skipped: null, OutOfMemory, Listed: 0).DegradedReason);

    [Fact]
    public void DegradedReason_RedisIsUsed_IsNull() => Assert.Null(new SuperHotState(IsConnected: true, Skipped: null, Full: null, Listed: 0).DegradedReason);
}
