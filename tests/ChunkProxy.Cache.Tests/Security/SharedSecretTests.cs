using ChunkProxy.Cache.Security;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Cache.Tests.Security;

public sealed class SharedSecretTests
{
    private readonly SharedSecret _secret = new("a secret of the cluster");

    [Fact]
    public void KeyFor_AnotherPurposeOrSecret_IsAnotherKey()
    {
        var mac = _secret.KeyFor(KeyPurpose.Request).Sign("message"u8);

        Assert.Equal(mac, new SharedSecret("a secret of the cluster").KeyFor(KeyPurpose.Request).Sign("message"u8));
        Assert.NotEqual(mac, _secret.KeyFor(KeyPurpose.Answer).Sign("message"u8));
        Assert.NotEqual(mac, new SharedSecret("another secret of the cluster").KeyFor(KeyPurpose.Request).Sign("message"u8));
    }

    [Theory]
    [InlineData("a secret of the cluster", true)]
    [InlineData("a secret of the cluster ", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Matches_OnlyItself(string? candidate, bool matches) => Assert.Equal(matches, _secret.Matches(candidate));

    [Fact]
    public void TextsOf_File_IsOneSecretALine()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Combine("keys");
        File.WriteAllText(file, "  the first\r\n\nthe second \n");

        Assert.Equal(["the first", "the second"], SharedSecret.TextsOf("not this one", file));
        Assert.Equal(["with\na line"], SharedSecret.TextsOf("with\na line", file: null));
        Assert.Empty(SharedSecret.TextsOf("", ""));
    }
}
