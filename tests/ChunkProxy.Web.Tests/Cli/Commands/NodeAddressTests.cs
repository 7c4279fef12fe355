using ChunkProxy.Web.Cli.Commands;

namespace ChunkProxy.Web.Tests.Cli.Commands;

public sealed class NodeAddressTests
{
    [Theory]
    [InlineData("http://10.0.0.1:8080", "http://10.0.0.1:8080/")]
    [InlineData("https://cache.example/", "https://cache.example/")]
    [InlineData("10.0.0.1:8080", "http://10.0.0.1:8080/")]
    [InlineData(":8181", "http://127.0.0.1:8181/")]
    [InlineData("[::1]:8181", "http://[::1]:8181/")]
    [InlineData("http://host/path", null)]
    [InlineData("ftp://host/", null)]
    [InlineData("host", null)]
    [InlineData("", null)]
    public void Read_WhatPeopleWrite(string text, string? expected) => Assert.Equal(expected, NodeAddress.Read(text)?.AbsoluteUri);

    [Theory]
    [InlineData(null, null, "http://127.0.0.1:8080")]
    [InlineData(null, ":8181", "http://127.0.0.1:8181")]
    [InlineData(null, "10.0.0.1:8181", "http://10.0.0.1:8181")]
    [InlineData("127.0.0.1:9000", ":8181", "http://127.0.0.1:9000")]
    [InlineData("", "rubbish", "http://127.0.0.1:8080")]
    public void OfEnvironment_IsWhereANodeWouldAnswerThatIsStartedInIt(string? admin, string? web, string expected) => Assert.Equal(
        expected,
        NodeAddress.OfEnvironment(name => name switch { "ChunkProxy__AdminAddress" => admin, "ChunkProxy__WebAddr" => web, _ => null }));

    [Theory]
    [InlineData(null, null, "https://127.0.0.1:8080")]
    [InlineData(":8443", null, "https://127.0.0.1:8443")]
    [InlineData(":8443", ":8081", "http://127.0.0.1:8081")]
    public void OfEnvironment_WithACertificate_PrefersTheAddressWithoutTls(string? web, string? plain, string expected) => Assert.Equal(
        expected,
        NodeAddress.OfEnvironment(name => name switch
        {
            "ChunkProxy__Certificate" => "node.pem",
            "ChunkProxy__WebAddr" => web,
            "ChunkProxy__PlainAddress" => plain,
            _ => null,
        }));

    [Theory]
    [InlineData("true", "https://127.0.0.1:9000")]
    [InlineData("false", "http://127.0.0.1:9000")]
    [InlineData(null, "http://127.0.0.1:9000")]
    public void OfEnvironment_AdminAddress_HasTlsWhereTheNodeHas(string? adminTls, string expected) => Assert.Equal(
        expected,
        NodeAddress.OfEnvironment(name => name switch
        {
            "ChunkProxy__Certificate" => "node.pem",
            "ChunkProxy__AdminAddress" => ":9000",
            "ChunkProxy__AdminTls" => adminTls,
            _ => null,
        }));

    [Theory]
    [InlineData("/film.mp4", "/film.mp4")]
    [InlineData("film.mp4", "/film.mp4")]
    [InlineData("http://videos.example/a/film.mp4?x=1", "/a/film.mp4?x=1")]
    [InlineData("https://videos.example", "/")]
    [InlineData("/a/http://b", "/a/http://b")]
    public void ObjectPath_OfAPathOrAUrl_IsThePath(string text, string expected) => Assert.Equal(expected, ObjectPath.Read(text));
}
