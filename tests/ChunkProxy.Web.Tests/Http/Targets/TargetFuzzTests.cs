using ChunkProxy.Testing.Fuzzing;
using ChunkProxy.Web.Http.Targets;

namespace ChunkProxy.Web.Tests.Http.Targets;

public sealed class TargetFuzzTests
{
    private const int MaxLength = 8192;

    [Fact]
    public void Parse_AnyTarget_IsRefusedOrNormal() => Fuzz.Text(
        ["/film.mp4", "/a%2Fb/c%20d.mp4?sig=a%3D&x=1", "/%66ilm/../x", "/a;v=1/b?c?d", "/_chunkproxy/stats", "http://host/a", "//host/a", "/a%252e%252e/b", "/caf%C3%A9"],
        target =>
        {
            if (RequestTarget.Parse(target, MaxLength, out var normal) is not TargetVerdict.Accepted)
            {
                Assert.Equal("", normal);
                return;
            }

            Assert.StartsWith("/", normal, StringComparison.Ordinal);
            Assert.DoesNotContain("/../", normal.Split('?')[0] + "/", StringComparison.Ordinal);
            Assert.False(ReservedPaths.Contains(normal.Split('?')[0]));
            Assert.Equal(TargetVerdict.Accepted, RequestTarget.Parse(normal, 3 * MaxLength, out var again));
            Assert.Equal(normal, again); // the normal form is its own normal form
        });
}
