using ChunkProxy.Cache.Origin;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class OriginCredentialsTests
{
    private const string Signature = "s3cr3t%2Fs1gn4tur3%3D";

    private static readonly OriginCredentials Sas = new([], OriginCredentials.QueryIn($"?sv=2024-11-04&sig={Signature}\n"));

    [Theory]
    [InlineData("/film", $"/film?sv=2024-11-04&sig={Signature}")]
    [InlineData("/film?", $"/film?sv=2024-11-04&sig={Signature}")]
    [InlineData("/film?v=1", $"/film?v=1&sv=2024-11-04&sig={Signature}")]
    [InlineData("/film?sig=mine&v=1&sv=0", $"/film?v=1&sv=2024-11-04&sig={Signature}")] // the client's do not override
    public void AddTo_Target_HasTheParametersOnce(string target, string expected) => Assert.Equal(expected, Sas.AddTo(target));

    [Fact]
    public void AddTo_NoCredentials_IsTheSameTarget() => Assert.Same("/film?", OriginCredentials.None.AddTo("/film?"));

    [Theory]
    [InlineData("http://other.test/film", "http://other.test/film")]
    [InlineData($"http://other.test/film?sv=2024-11-04&sig={Signature}", "http://other.test/film")]
    [InlineData($"http://other.test/film?v=1&sig={Signature}#top", "http://other.test/film?v=1#top")]
    [InlineData("/film?v=1", "/film?v=1")]
    public void RemoveFrom_Url_HasNoneOfTheParameters(string url, string expected) => Assert.Equal(expected, Sas.RemoveFrom(url));

    [Theory]
    [InlineData($"<http://o.test/film?sig={Signature}>; rel=canonical", true)]
    [InlineData("the signature s3cr3t/s1gn4tur3= is wrong", true)] // decoded
    [InlineData("2024-11-04", false)] // not secret
    [InlineData("", false)]
    public void AreIn_Text_FindsSecrets(string text, bool expected) => Assert.Equal(expected, Sas.AreIn(text));

    [Fact]
    public void FieldsIn_Lines_SkipsCommentsAndTrims() => Assert.Equal(
        [new("Authorization", "Bearer a:b"), new("x-ms-version", "2024-11-04")],
        OriginCredentials.FieldsIn("# the bucket\n\n Authorization:  Bearer a:b \r\nx-ms-version: 2024-11-04\n"));

    [Theory]
    [InlineData("secretvalue")]
    [InlineData("Range: secretvalue")]
    [InlineData("If-Match: secretvalue")]
    [InlineData("Host: secretvalue")]
    [InlineData("A b: secretvalue")]
    [InlineData("Authorization: secretvalue\u0001")]
    public void FieldsIn_InvalidLine_IsRefusedWithoutItsValue(string text) =>
        Assert.DoesNotContain("secretvalue", Assert.Throws<FormatException>(() => OriginCredentials.FieldsIn(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("secret value")]
    [InlineData("a=secretvalue\nb=c")]
    [InlineData("a=secretvalue#x")]
    public void QueryIn_NoQuery_IsRefusedWithoutItsValue(string text) =>
        Assert.DoesNotContain("secretvalue", Assert.Throws<FormatException>(() => OriginCredentials.QueryIn(text)).Message, StringComparison.Ordinal);
}
