using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Tests.Http.Sending;

namespace ChunkProxy.Web.Tests.Http.Responses;

public sealed class CacheStatusTests
{
    private static readonly Cache.Chunks.ObjectVersion Version = new FakeObject("/film", 1000, 100, FakeObject.Headers("\"v1\"")).Version;
    private static readonly DateTimeOffset Now = Version.Headers.FreshUntil + TimeSpan.FromSeconds(37);

    [Fact]
    public void Of_Stale_SaysSoAndForHowLong()
    {
        Assert.Equal("ChunkProxy; hit; detail=disk/stale; ttl=-37", CacheStatus.Of(ObjectLookup.Stale(Version), new ReadReport(ChunkSource.Disk, Collapsed: false), Now));
        Assert.Equal("ChunkProxy; hit; detail=metadata/stale; ttl=-37", CacheStatus.OfMetadata(ObjectLookup.Stale(Version), Now));
    }

    [Fact]
    public void Of_OwnerAskedTheOrigin_IsNoHit()
    {
        var found = ObjectLookup.Found(Version, askedOrigin: false).ReportedByPeer(asked: true, revalidated: false, isStale: false);
        Assert.Equal("ChunkProxy; fwd=uri-miss; stored; detail=peer/origin", CacheStatus.Of(found, new ReadReport(ChunkSource.Peer, Collapsed: false), Now));
    }

    [Fact]
    public void Of_OwnerAskedWhetherItIsTheSame_IsStaleFromThePeer()
    {
        var found = ObjectLookup.Found(Version, askedOrigin: false).ReportedByPeer(asked: true, revalidated: true, isStale: false);
        Assert.Equal("ChunkProxy; fwd=stale; detail=peer", CacheStatus.Of(found, new ReadReport(ChunkSource.Peer, Collapsed: false), Now));
        Assert.Equal("ChunkProxy; fwd=stale; detail=metadata", CacheStatus.OfMetadata(found, Now));
    }

    [Fact]
    public void OfReply_Remembered_IsAHit()
    {
        var found = ObjectLookup.Failed(ProxyError.NotFound, "none", 404);
        Assert.Equal("ChunkProxy; fwd=miss; fwd-status=404; detail=not-found", CacheStatus.OfReply(found, 404));
        Assert.Equal("ChunkProxy; hit; detail=not-found", CacheStatus.OfReply(found.Stored(), 404));
        Assert.Equal("ChunkProxy; fwd=miss; fwd-status=404; detail=not-found/peer", CacheStatus.OfReply(found.ReportedByPeer(asked: true, revalidated: false, isStale: false), 404));
    }
}
