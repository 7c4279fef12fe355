using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Tests.Ownership;

public sealed class PoolAddressTests
{
    [Theory]
    [InlineData("10.0.0.1:7070", "10.0.0.1:7070")]
    [InlineData(" Cache-1.Example.ORG.:7070 ", "cache-1.example.org:7070")]
    [InlineData("localhost:7070", "127.0.0.1:7070")]
    [InlineData("http://10.0.0.1:7070/", "10.0.0.1:7070")]
    [InlineData("[2001:DB8::0:1]:7070", "[2001:db8::1]:7070")]
    public void Parse_Address_NormalForm(string text, string id)
    {
        Assert.Equal(id, PoolAddress.Parse(text).Id);
        Assert.False(PoolAddress.Parse(text).IsWildcard);
        Assert.Equal(PoolAddress.Parse(id), PoolAddress.Parse(text));
    }

    [Theory]
    [InlineData(":7070")]
    [InlineData("0.0.0.0:7070")]
    [InlineData("[::]:7070")]
    [InlineData("*:7070")]
    public void Parse_EveryAddress_Wildcard(string text)
    {
        Assert.True(PoolAddress.Parse(text).IsWildcard);
        Assert.Equal("cache-1:7070", PoolAddress.Parse(text).WithHost("cache-1").Id);
        Assert.Equal("[::1]:7070", PoolAddress.Parse(text).WithHost("::1").Id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("cache-1")]
    [InlineData("cache-1:")]
    [InlineData("cache-1:0")]
    [InlineData("cache-1:65536")]
    [InlineData("cache-1:-1")]
    [InlineData("cache 1:7070")]
    [InlineData("2001:db8::1:7070")]
    [InlineData("[cache-1]:7070")]
    [InlineData("cache/1:7070")]
    public void TryParse_NotAnAddress_False(string? text) => Assert.False(PoolAddress.TryParse(text, out _));
}
