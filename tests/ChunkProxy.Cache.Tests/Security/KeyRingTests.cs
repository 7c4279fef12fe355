using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Tests.Security;

public sealed class KeyRingTests
{
    private static readonly byte[] Message = [1, 2, 3];

    [Fact]
    public void Replace_KeysThatWereReturned_ChangeToo()
    {
        var ring = new KeyRing([new SharedSecret("the first secret")]);
        var keys = ring.KeysFor("test")!;
        var before = keys.Current.Sign(Message);

        ring.Replace([new SharedSecret("the second secret"), new SharedSecret("the first secret")]);

        Assert.Equal(1, keys.IndexOf(Message, before));
        Assert.Equal(0, keys.IndexOf(Message, keys.Current.Sign(Message)));
        Assert.Equal(ring.KeysFor("other")!.Current.Sign(Message), new KeyRing([new SharedSecret("the second secret")]).KeysFor("other")!.Current.Sign(Message));

        ring.Replace([new SharedSecret("the second secret")]);
        Assert.Equal(MacKeys.None, keys.IndexOf(Message, before));
        Assert.NotNull(keys[1]); // an index from before
    }

    [Fact]
    public void Replace_NoSecretsBeforeOrAfter_IsRefused()
    {
        Assert.Throws<InvalidOperationException>(() => new KeyRing([]).Replace([new SharedSecret("a secret")]));
        Assert.Throws<InvalidOperationException>(() => new KeyRing([new SharedSecret("a secret")]).Replace([]));
    }
}
