using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using static ChunkProxy.Cache.Tests.Lookup.Engine;
using OriginAnswer = ChunkProxy.Testing.Scripted.OriginAnswer;
using OriginRequest = ChunkProxy.Testing.Scripted.OriginRequest;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>Requests to an object store with the S3 API, against the published rules of AWS Signature Version 4.</summary>
public sealed class S3SignatureTests : IAsyncLifetime
{
    private const string AccessKey = "AKIDEXAMPLEOFATEST";
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Token = "a-session-token-of-a-role";

    private readonly ScriptedOrigin _store = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/films/a.mp4", "/films/a.mp4", "")]
    [InlineData("/films/a%20b(c)!.mp4", "/films/a%20b%28c%29%21.mp4", "")]
    [InlineData("/films/a+b=c,d.mp4", "/films/a%2Bb%3Dc%2Cd.mp4", "")]
    [InlineData("/films/a%2Fb.mp4", "/films/a/b.mp4", "")]
    [InlineData("/%C3%A9/", "/%C3%A9/", "")]
    [InlineData("/a?versionId=x/y&acl", "/a", "acl=&versionId=x%2Fy")]
    [InlineData("/a?", "/a", "")]
    [InlineData("/a?b=%2F&B=1&b=", "/a", "B=1&b=&b=%2F")]
    [InlineData("/a?v=1&v2=2&v-=3", "/a", "v=1&v-=3&v2=2")]
    public void Canonical_Target_IsDecodedAndEncodedInOneWay(string target, string path, string query) =>
        Assert.Equal((path, query), S3Signature.CanonicalTargetOf(target));

    [Theory]
    [InlineData(null)]
    [InlineData(Token)]
    public async Task Read_ObjectStore_EachRequestHasAValidSignature(string? token)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 24, 1, 2, 3, TimeSpan.Zero));
        _store.Add("/bucket/films/a%20b.mp4", 3 * MiB);
        await using var engine = Start(token, time, ("Origin:RequestFields", "Authorization"), ("OriginAccess:Fields", "X-Amz-Request-Payer: requester"));

        await engine.ReadAsync("/films/a%20b.mp4?versionId=2&response-content-type=text/html", ByteRange.Whole(3 * MiB), Stop); // a client's query is not signed

        Assert.NotEmpty(_store.Requests);
        Assert.All(_store.Requests, request =>
        {
            Assert.Equal(("20260524T010203Z", token), (request["X-Amz-Date"], request["X-Amz-Security-Token"]));
            Assert.Equal(SignatureOf(request), request["Authorization"]);
        });
    }

    [Fact]
    public async Task Find_StoreRepeatsTheAccessKeyInAnError_NoClientGetsIt()
    {
        var body = $"<Error><AWSAccessKeyId>{AccessKey}</AWSAccessKeyId></Error>";
        _store.Add("/bucket/film", new OriginAnswer { Raw = Encoding.UTF8.GetBytes($"HTTP/1.1 403 Forbidden\r\nContent-Length: {body.Length}\r\n\r\n{body}") });
        await using var engine = Start(token: null, time: null);

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        Assert.Equal(ProxyError.OriginRefused, found.Error);
        Assert.Null(found.Reply);
    }

    [Theory]
    [InlineData("S3Region", "EU 1", "OriginAccess:S3Region: 'EU 1' is not a region")]
    [InlineData("S3Profile", "other", "OriginAccess:S3CredentialsFile: there is no profile 'other'")]
    [InlineData("S3CredentialsFile", "/does/not/exist", "OriginAccess:S3CredentialsFile: ")]
    [InlineData("S3Region", "", "OriginAccess:S3CredentialsFile: has no effect without S3Region")]
    public void Validate_WrongSetting_IsNamed(string key, string value, string message)
    {
        WriteKeys(token: null);
        var options = new OriginAccessOptions { S3Region = "eu-central-1", S3CredentialsFile = _folder.Combine("keys") };
        typeof(OriginAccessOptions).GetProperty(key)!.SetValue(options, value);

        Assert.Contains(message, new OriginAccessOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrySign_SourceOfCredentialsFails_SaysSoAndThrowsNothing()
    {
        var lines = new LineLog();
        var signature = new S3Signature("eu-central-1", () => throw new InvalidOperationException("no\nservice"), TimeProvider.System, lines);
        using var message = new HttpRequestMessage(HttpMethod.Get, "http://store.test/a");

        Assert.False(await signature.TrySignAsync(message, Stop));
        Assert.Contains("no service", lines.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Current_FileIsReplaced_NewKeysCountAfterTheInterval()
    {
        var time = new FakeTimeProvider();
        WriteKeys(token: null);
        var credentials = new S3Credentials(new OriginAccessOptions { S3Region = "eu-central-1", S3CredentialsFile = _folder.Combine("keys") }, time);
        Assert.Equal(AccessKey, (await credentials.CurrentAsync()).AccessKey);

        await File.WriteAllTextAsync(_folder.Combine("keys"), "[default]\naws_access_key_id = AKIDANOTHER\naws_secret_access_key = x\n", Stop);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("AKIDANOTHER", (await credentials.CurrentAsync()).AccessKey);

        File.Delete(_folder.Combine("keys"));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("AKIDANOTHER", (await credentials.CurrentAsync()).AccessKey);
    }

    private Engine Start(string? token, TimeProvider? time, params (string Key, string Value)[] more)
    {
        WriteKeys(token);
        return new Engine(
            _store,
            time,
            [("Url", new Uri(_store.BaseAddress, "bucket/").ToString()), ("OriginAccess:S3Region", "eu-central-1"), ("OriginAccess:S3CredentialsFile", _folder.Combine("keys")), .. more]);
    }

    private void WriteKeys(string? token) => File.WriteAllText(
        _folder.Combine("keys"),
        $"[default]\naws_access_key_id = {AccessKey}\naws_secret_access_key = {Secret}\n{(token is null ? "" : $"aws_session_token = {token}\n")}");

    // As "Signature Version 4" in the documentation of Amazon S3 describes it, from what arrived.
    private static string SignatureOf(OriginRequest request)
    {
        var stamp = request["X-Amz-Date"]!;
        var scope = $"{stamp[..8]}/eu-central-1/s3/aws4_request";
        var names = "host;" + string.Join(';', request.Headers.Select(field => field.Key.ToLowerInvariant()).Where(name => name.StartsWith("x-amz-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var fields = string.Concat(names.Split(';').Select(name => $"{name}:{request[name]}\n"));
        var nothing = Convert.ToHexStringLower(SHA256.HashData([]));
        var canonical = $"GET\n{request.Path}\n\n{fields}\n{names}\n{nothing}";
        var toSign = $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + Secret);
        foreach (var part in scope.Split('/').Append(toSign))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return string.Create(CultureInfo.InvariantCulture, $"AWS4-HMAC-SHA256 Credential={AccessKey}/{scope}, SignedHeaders={names}, Signature={Convert.ToHexStringLower(key)}");
    }

    private sealed class LineLog : List<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Add(formatter(state, exception));
    }
}
