using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Tests.Http.Responses;

public sealed class TargetReaderTests
{
    [Theory]
    [InlineData("/film?token=x&v=1", "/film?v=1")]
    [InlineData("/film?%74oken=x&v=1", "/film?v=1")] // the normal form counts
    [InlineData("/film?v=1", "/film?v=1")]
    public void Read_ParameterThatIsNotPartOfTheKey_IsInTheTargetOnly(string target, string key)
    {
        var site = SiteRules.Of(Options.Create(new CacheOptions { Url = new("http://origin.test/") }), Options.Create(new CacheKeyOptions { Ignore = "token" }), Options.Create(new FreshnessOptions()));
        var signing = new UrlSigning(Options.Create(new AccessOptions()), TimeProvider.System, NullLogger<UrlSigning>.Instance);
        var access = new AccessGate(Options.Create(new AccessOptions()), signing, TimeProvider.System, NullLogger<AccessGate>.Instance);
        var reader = new TargetReader(new SiteTargets(site, signing), access, Options.Create(new FrontEndOptions()));

        for (var i = 0; i < 2; i++) // the second from the cache of ids
        {
            var id = reader.Read(target, out var verdict)!.Id;

            Assert.Equal(TargetVerdict.Accepted, verdict);
            Assert.Equal(key, id.PathAndQuery);
            Assert.Equal(target.Replace("%74", "t", StringComparison.Ordinal), id.Target);
        }
    }
}
