using ChunkProxy.Cache.Reads;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Reads;

public sealed class OpenReplyTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private int _closed;

    public void Dispose() => _closed++; // as the origin's response

    [Fact]
    public void TryOpen_FirstClient_GetsItAndTheSecondAsksTheOrigin()
    {
        var reply = Reply(200);
        using var first = reply.TryOpen(hasRange: false, hasConditions: false);
        Assert.Equal(200, first!.Status);
        Assert.Null(reply.TryOpen(hasRange: false, hasConditions: false));
    }

    [Theory]
    [InlineData(200, false, false, false, 200)]
    [InlineData(200, false, true, false, 200)] // an origin may ignore ranges
    [InlineData(200, false, false, true, null)] // it has not seen the client's conditions
    [InlineData(203, false, false, false, 203)]
    [InlineData(206, false, false, false, null)] // of the range that we asked for
    [InlineData(206, true, false, false, 200)]
    [InlineData(206, true, true, false, null)]
    public void TryOpen_Request_FitsOrNot(int status, bool isWholePart, bool hasRange, bool hasConditions, int? expected)
    {
        using var answer = Reply(status, isWholePart).TryOpen(hasRange, hasConditions);
        Assert.Equal(expected, answer?.Status);
        Assert.DoesNotContain("Content-Range", answer?.Headers.Select(field => field.Key) ?? []);
    }

    [Fact]
    public void TryOpen_NobodyTakesIt_IsClosedAfterAWhile()
    {
        var reply = Reply(200);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, _closed);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, _closed);
        Assert.Null(reply.TryOpen(hasRange: false, hasConditions: false));
    }

    [Fact]
    public void TryOpen_Taken_StaysOpenUntilItsClientIsDone()
    {
        var answer = Reply(206, isWholePart: true).TryOpen(hasRange: false, hasConditions: false)!;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _closed);
        answer.Dispose();
        Assert.Equal(1, _closed);
    }

    private OpenReply Reply(int status, bool isWholePart = false) =>
        new(new PassedThroughAnswer(status, 3, status == 206 ? [new("Content-Range", "bytes 0-2/3")] : [], new MemoryStream([1, 2, 3]), this), isWholePart, _time);
}
