using System.Net.Http.Headers;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Testing.Fuzzing;
using static ChunkProxy.Cache.Tests.Origin.OriginRules;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class OriginFuzzTests
{
    private static readonly CachingRules Rules = Create();

    [Fact]
    public void CacheControl_AnyText_IsReadAsSomething() => Fuzz.Text(
        ["max-age=60", "public, s-maxage=30, stale-while-revalidate=20", "private=\"x-a, x-b\", no-cache=\"set-cookie\"", "no-store, max-age=-1, foo=\"a\\\"b\""],
        text =>
        {
            CacheDirectiveReader.Read([text]);
            CacheDirectiveReader.Read([text, text], isStructured: true);
            Rules.DecideOn([$"Cache-Control: {text}", "ETag: \"v1\""]);
        });

    [Fact]
    public void ContentRange_AnyText_IsRightOrContradicts() => Fuzz.Text(
        ["bytes 0-99/1000", "bytes 5-9/*", "bytes */1000", "items 0-1/2"],
        text =>
        {
            var range = ContentRangeHeaderValue.TryParse(text, out var parsed) ? parsed : null;
            if (ContentRangeCheck.Contradiction(range, contentLength: null, start: 0, end: 100) is null)
            {
                Assert.Equal(0, range!.From);
                Assert.InRange(range.To!.Value, 0, 99);
            }
        });
}
