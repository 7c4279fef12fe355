using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Tiers.Disk;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class OriginAnswerJudgeTests
{
    private const int Size = 1000;

    private static readonly ObjectVersion Known = TestChunks.Version("/film", Size, 100);
    private static readonly OriginRequest Plain = new(Known.Id, new ByteRange(200, 300));
    private static readonly OriginRequest OfKnown = Plain with { Expected = Known };
    private static readonly OriginRequest Revalidation = OfKnown with { OnlyIfChanged = true };

    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private readonly OriginAnswerJudge _judge = new(OriginRules.Reader(chunkSize: 100, Time), Time);

    [Theory]
    [InlineData(404, OriginOutcome.NotFound)]
    [InlineData(410, OriginOutcome.Gone)]
    [InlineData(403, OriginOutcome.Refused)]
    [InlineData(412, OriginOutcome.Refused)] // the request had no condition
    [InlineData(416, OriginOutcome.BeyondEnd)]
    [InlineData(500, OriginOutcome.Failed)]
    [InlineData(503, OriginOutcome.Failed)]
    [InlineData(408, OriginOutcome.Failed)]
    [InlineData(429, OriginOutcome.Failed)]
    [InlineData(401, OriginOutcome.Refused)]
    [InlineData(203, OriginOutcome.Other)]
    [InlineData(226, OriginOutcome.Other)]
    [InlineData(302, OriginOutcome.Other)] // followed already, where that is allowed
    [InlineData(304, OriginOutcome.Misbehaved)] // the request had no condition
    [InlineData(204, OriginOutcome.Other)]
    [InlineData(999, OriginOutcome.Misbehaved)]
    public void Judge_NoBytes_IsNamedAfterTheStatus(int status, OriginOutcome expected)
    {
        var answer = _judge.Judge(Plain, Answer(status, 0));
        Assert.Equal((expected, status, (ByteRange?)null), (answer.Outcome, answer.Status, answer.Bytes));
        Assert.NotEmpty(answer.Reason);
    }

    [Fact]
    public void Judge_416_IsBeyondTheEnd()
    {
        var response = Answer(416, 0);
        response.Content.Headers.TryAddWithoutValidation("Content-Range", "bytes */150");
        Assert.Equal(OriginOutcome.BeyondEnd, _judge.Judge(Plain, response).Outcome);
    }

    [Fact]
    public void Judge_412ToACondition_IsAnotherVersion() => Assert.Equal(OriginOutcome.VersionChanged, _judge.Judge(OfKnown, Answer(412, 0)).Outcome);

    [Fact]
    public void Judge_304ToARevalidation_IsTheKnownVersionReliedOnAnew()
    {
        var answer = _judge.Judge(Revalidation, Answer(304, 0));
        Assert.Equal(OriginOutcome.NotModified, answer.Outcome);
        Assert.True(answer.Version!.IsSameVersionAs(Known));
        Assert.NotEqual(Known.Headers.FreshUntil, answer.Version.Headers.FreshUntil);
    }

    [Fact]
    public void Judge_PartThatWasAsked_HasItsBytes()
    {
        var answer = _judge.Judge(OfKnown, Part("bytes 200-299/1000"));
        Assert.Equal((OriginOutcome.Part, new ByteRange(200, 300)), (answer.Outcome, answer.Bytes));
        Assert.True(answer.Version!.IsSameVersionAs(Known));
    }

    [Fact]
    public void Judge_PartThatEndsWithTheObject_IsShorter()
    {
        var answer = _judge.Judge(Plain, Part("bytes 200-249/250", length: 50));
        Assert.Equal((OriginOutcome.Part, new ByteRange(200, 250), 250L), (answer.Outcome, answer.Bytes, answer.Version!.Size));
    }

    [Fact]
    public void Judge_PartThatIsShorterThanAsked_HasItsBytes()
    {
        var answer = _judge.Judge(OfKnown, Part("bytes 200-239/1000", length: 40));
        Assert.Equal((OriginOutcome.Part, new ByteRange(200, 240)), (answer.Outcome, answer.Bytes));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Sun, 01 Mar 2026 12:01:00 GMT", 60)]
    [InlineData("soon", null)]
    public void Judge_Failed_TellsWhenToAskAgain(string retryAfter, int? seconds)
    {
        var response = Answer(503, 0);
        response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        Assert.Equal(seconds, (int?)_judge.Judge(Plain, response).RetryAfter?.TotalSeconds);
    }

    [Fact]
    public void Judge_WholeObject_BeginsAtItsFirstByteWhateverWasAsked()
    {
        var answer = _judge.Judge(OfKnown, Answer(200, Size));
        Assert.Equal((OriginOutcome.Whole, ByteRange.Whole(Size)), (answer.Outcome, answer.Bytes));
    }

    [Theory]
    [InlineData("bytes 0-99/1000")]
    [InlineData("bytes 200-298/1000")]
    [InlineData("bytes */1000")]
    [InlineData("pages 200-299/1000")]
    [InlineData(null)]
    public void Judge_AnotherPart_IsMisbehaved(string? contentRange) =>
        Assert.Equal((OriginOutcome.Misbehaved, (ByteRange?)null), OutcomeAndBytes(Plain, Part(contentRange)));

    [Fact]
    public void Judge_PartToARequestForAll_IsMisbehaved() =>
        Assert.Equal((OriginOutcome.Misbehaved, (ByteRange?)null), OutcomeAndBytes(Plain with { Range = null }, Part("bytes 0-999/1000")));

    [Fact]
    public void Judge_PartOfUnknownSize_IsUncacheable() =>
        Assert.Equal((OriginOutcome.Uncacheable, (ByteRange?)null), OutcomeAndBytes(Plain, Part("bytes 200-299/*")));

    [Fact]
    public void Judge_WholeOfUnknownLength_IsUncacheable()
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new EndlessStream()) };
        Assert.Equal((OriginOutcome.Uncacheable, (ByteRange?)null), OutcomeAndBytes(Plain, response));
    }

    [Fact]
    public void Judge_MayNotBeKept_IsUncacheable()
    {
        var response = Part("bytes 200-299/1000");
        response.Headers.TryAddWithoutValidation("Cache-Control", "no-store");
        Assert.Equal((OriginOutcome.Uncacheable, (ByteRange?)null), OutcomeAndBytes(Plain, response));
    }

    [Theory]
    [InlineData("\"v2\"", 1000)]
    [InlineData("\"v1\"", 1001)] // another size under the same tag
    public void Judge_BytesOfAnotherVersion_IsNamedAndHasNoBytes(string etag, int size)
    {
        var answer = _judge.Judge(OfKnown, Part($"bytes 200-299/{size}", etag));
        Assert.Equal((OriginOutcome.VersionChanged, (ByteRange?)null), (answer.Outcome, answer.Bytes));
        Assert.Equal(etag, answer.Version!.Headers.ETag);
    }

    [Fact]
    public void Judge_RevalidationFindsAnotherVersion_HasItsBytes()
    {
        var answer = _judge.Judge(Revalidation, Part("bytes 200-299/1000", "\"v2\""));
        Assert.Equal((OriginOutcome.Part, "\"v2\"", new ByteRange(200, 300)), (answer.Outcome, answer.Version!.Headers.ETag!, answer.Bytes));
    }

    [Theory]
    [InlineData("Set-Cookie", "lb=1")]
    [InlineData("Cache-Control", "private")]
    [InlineData("Cache-Control", "no-store")]
    [InlineData("Vary", "*")]
    public void Judge_MoreBytesOfAKnownVersion_AreThatWhateverElseTheResponseSays(string field, string value)
    {
        var response = Part("bytes 200-299/1000");
        response.Headers.TryAddWithoutValidation(field, value);
        Assert.Equal((OriginOutcome.Part, (ByteRange?)new ByteRange(200, 300)), OutcomeAndBytes(OfKnown, response));
    }

    [Theory]
    [InlineData(304, "Cache-Control", "private", OriginOutcome.Uncacheable)]
    [InlineData(304, "Cache-Control", "no-store, max-age=-1", OriginOutcome.Uncacheable)]
    [InlineData(304, "Vary", "*", OriginOutcome.Uncacheable)]
    [InlineData(304, "Set-Cookie", "lb=1", OriginOutcome.NotModified)] // a balancer's cookie, and no word about the object
    [InlineData(206, "Cache-Control", "private", OriginOutcome.Uncacheable)]
    [InlineData(206, "Set-Cookie", "lb=1", OriginOutcome.Part)]
    public void Judge_Revalidation_MayEndTheSharing(int status, string field, string value, OriginOutcome expected)
    {
        var response = status == 304 ? Answer(304, 0) : Part("bytes 200-299/1000");
        response.Headers.TryAddWithoutValidation(field, value);

        var answer = _judge.Judge(Revalidation, response);

        Assert.Equal(expected, answer.Outcome);
        Assert.DoesNotContain(answer.Version?.Headers.EndToEnd ?? [], line => line.Key == "Set-Cookie");
    }

    [Fact]
    public void Judge_304ThatNamesAnotherVersion_IsAnotherVersion() =>
        Assert.Equal(OriginOutcome.VersionChanged, _judge.Judge(Revalidation, Answer(304, 0, "\"v2\"")).Outcome);

    [Fact]
    public void Judge_304_ReplacesTheStoredFieldsThatItHas()
    {
        var response = Answer(304, 0);
        response.Headers.TryAddWithoutValidation("X-Twice", "new");
        response.Headers.TryAddWithoutValidation("X-Added", "too");

        var fields = _judge.Judge(Revalidation, response).Version!.Headers.EndToEnd;

        Assert.Equal(["Content-Type: video/mp4", "X-Twice: new", "X-Added: too"], fields.Select(line => $"{line.Key}: {line.Value}"));
    }

    [Fact]
    public void Judge_NoValidator_IsAVersionOfItsOwnThatFurtherBytesBelongTo()
    {
        var first = _judge.Judge(Plain, Unvalidated()).Version!;
        var second = _judge.Judge(Plain, Unvalidated()).Version!;
        Assert.False(first.IsSameVersionAs(second));

        var more = _judge.Judge(Plain with { Expected = first }, Unvalidated());
        Assert.Equal(OriginOutcome.Part, more.Outcome);
        Assert.True(more.Version!.IsSameVersionAs(first));

        static HttpResponseMessage Unvalidated()
        {
            var response = Part("bytes 200-299/1000", etag: null);
            response.Headers.TryAddWithoutValidation("Cache-Control", "max-age=60");
            return response;
        }
    }

    private (OriginOutcome Outcome, ByteRange? Bytes) OutcomeAndBytes(OriginRequest request, HttpResponseMessage response)
    {
        var answer = _judge.Judge(request, response);
        return (answer.Outcome, answer.Bytes);
    }

    private static HttpResponseMessage Part(string? contentRange, string? etag = "\"v1\"", int length = 100)
    {
        var response = Answer(206, length, etag);
        if (contentRange is not null)
        {
            response.Content.Headers.TryAddWithoutValidation("Content-Range", contentRange);
        }

        return response;
    }

    private static HttpResponseMessage Answer(int status, int length, string? etag = "\"v1\"")
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(new byte[length]) };
        if (etag is not null)
        {
            response.Headers.TryAddWithoutValidation("ETag", etag);
        }

        return response;
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override bool CanSeek => false;
    }
}
