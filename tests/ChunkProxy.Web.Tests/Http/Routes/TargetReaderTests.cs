using ChunkProxy.Web.Http.Targets;
using Microsoft.AspNetCore.Http;

namespace ChunkProxy.Web.Tests.Http.Routes;

public sealed class TargetReaderTests
{
    [Theory]
    [InlineData("/film?token=x&v=1", "/film?v=1")]
    [InlineData("/film?%74oken=x&v=1", "/film?v=1")] // the normal form counts
    [InlineData("/film?v=1", "/film?v=1")]
    public void Read_ParameterThatIsNotPartOfTheKey_IsInTheTargetOnly(string target, string key)
    {
        using var services = RouteSetup.ServicesOf(("Url", "http://origin.test/"), ("CacheKey:Ignore", "token"));
        var reader = services.TargetsOf();

        for (var i = 0; i < 2; i++) // the second from the cache of ids
        {
            var id = reader.Read(target, default(HostString), out var verdict)!.Id;

            Assert.Equal(TargetVerdict.Accepted, verdict);
            Assert.Equal(key, id.PathAndQuery);
            Assert.Equal(target.Replace("%74", "t", StringComparison.Ordinal), id.Target);
        }
    }
}
