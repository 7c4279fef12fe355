using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Tls;

namespace ChunkProxy.FunctionalTests.PrivateOrigins;

/// <summary>Azurite, the emulator of Azure Blob Storage, with TLS and a check of the claims in tokens (<c>--oauth basic</c>).</summary>
public sealed partial class AzuriteServer : ServerProcess, IAsyncLifetime
{
    public const string Container = "films";

    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="; // published by Microsoft

    private static readonly string Program = Path.Combine(ProductBuild.Root, "tests", "packages", "azurite", "node_modules", "azurite", "dist", "src", "blob", "main.js");

    private int _marks;

    /// <summary>Whether npm could fetch it.</summary>
    public static bool IsThere => File.Exists(Program);

    /// <summary>The base URL of the container.</summary>
    public Uri Url => new($"https://127.0.0.1:{Port}/{Account}/{Container}/");

    /// <summary>The certificate, which is its own authority.</summary>
    public string CertificateFile => Folder.Combine("tls.crt");

    /// <summary>Does nothing if <see cref="IsThere"/> is false, so that tests can be skipped.</summary>
    public async ValueTask InitializeAsync()
    {
        if (!IsThere)
        {
            return;
        }

        TestCertificate.For().Write(CertificateFile);
        await StartOnFreePortAsync(CancellationToken.None);
        await SendAsync(HttpMethod.Put, new Uri(Url.ToString().TrimEnd('/') + "?restype=container"), content: null);
    }

    public static void SkipUnlessThere() => Assert.SkipUnless(IsThere, $"{Program} is missing: npm could not fetch Azurite, or test.sh has not run");

    /// <summary>Writes a blob of test data.</summary>
    public Task AddAsync(string name, long seed, int size) => AddAsync(name, TestData.Bytes(seed, 0, size));

    /// <summary>Writes a blob.</summary>
    public Task AddAsync(string name, byte[] content, string? contentType = null) =>
        SendAsync(HttpMethod.Put, new Uri(Url, name), new ByteArrayContent(content) { Headers = { ContentType = contentType is null ? null : new(contentType) } });

    /// <summary>Returns all requests that had ended at the time of the call, with their queries.</summary>
    public async Task<IReadOnlyList<(string Method, string Target)>> RequestsAsync(CancellationToken cancellationToken)
    {
        // Azurite logs requests in the order in which they end. So once the mark is logged, all earlier requests are.
        var mark = $"mark={Interlocked.Increment(ref _marks).ToString(CultureInfo.InvariantCulture)}";
        using (var client = Client())
        using (await client.GetAsync(new Uri(Url, "?" + mark), cancellationToken))
        {
            await Process.WhenLineAsync(line => line.Contains(mark + " HTTP", StringComparison.Ordinal), "Azurite logged a request", cancellationToken);
        }

        return
        [
            .. Process.Lines.Select(static line => LoggedRequest().Match(line)).Where(static match => match.Success)
                .Select(static match => (Method: match.Groups[1].Value, Target: match.Groups[2].Value))
                .Where(static request => !request.Target.Contains("?mark=", StringComparison.Ordinal)),
        ];
    }

    /// <summary>Returns a shared access signature for reading all blobs of the container, without a question mark.</summary>
    public static string SharedAccessSignature()
    {
        const string Version = "2020-12-06";
        var expires = TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        string[] signed = ["r", "", expires, $"/blob/{Account}/{Container}", "", "", "", Version, "c", "", "", "", "", "", "", ""];
        var signature = HMACSHA256.HashData(Convert.FromBase64String(AccountKey), Encoding.UTF8.GetBytes(string.Join('\n', signed)));
        return $"sv={Version}&sr=c&sp=r&se={Uri.EscapeDataString(expires)}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}";
    }

    protected override ChildProcess Launch() => ChildProcess.Start(
        "node",
        [
            Program, "--blobHost", "127.0.0.1", "--blobPort", Port.ToString(CultureInfo.InvariantCulture), "--location", Folder.Path, "--oauth", "basic",
            "--cert", CertificateFile, "--key", Folder.Combine("tls.key"), "--disableTelemetry",
        ]);

    protected override bool IsReadyLine(string line) => line.Contains("successfully listens on", StringComparison.Ordinal) || line.Contains("successfully listening", StringComparison.Ordinal);

    private static HttpClient Client() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null }, // made above
    });

    private static async Task SendAsync(HttpMethod method, Uri url, HttpContent? content)
    {
        using var client = Client();
        using var request = new HttpRequestMessage(method, url) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", StorageToken.Create(TimeSpan.FromHours(1)));
        request.Headers.Add("x-ms-version", "2021-12-02");
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        using var response = await client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    [GeneratedRegex("\"([A-Z]+) (\\S+) HTTP/1\\.1\" \\d+ ")]
    private static partial Regex LoggedRequest();
}
