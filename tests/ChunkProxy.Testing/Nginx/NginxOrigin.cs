using System.Globalization;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Testing.Nginx;

/// <summary>Debian's nginx as a child process that serves a temporary folder.</summary>
public sealed class NginxOrigin : ServerProcess
{
    private readonly NginxOptions _options;
    private readonly HttpClient _client = new();
    private readonly List<NginxRequest> _past = []; // of earlier runs
    private int _marks;

    private NginxOrigin(NginxOptions options)
    {
        _options = options;
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Folder.Combine("logs")); // nginx writes here before it has read its configuration
    }

    /// <summary>The base URL, with a trailing slash.</summary>
    public Uri BaseAddress => new($"http://127.0.0.1:{Port}/");

    /// <summary>The folder that nginx serves.</summary>
    public string Root => Folder.Combine("root");

    public static async Task<NginxOrigin> StartAsync(CancellationToken cancellationToken, NginxOptions? options = null)
    {
        var origin = new NginxOrigin(options ?? new NginxOptions());
        await origin.StartOnFreePortAsync(cancellationToken);
        return origin;
    }

    public Task AddAsync(string name, long seed, long length, CancellationToken cancellationToken) =>
        Data.TestData.WriteFileAsync(Path.Combine(Root, name), seed, length, cancellationToken);

    /// <summary>Returns all requests that had ended at the time of the call.</summary>
    public async Task<IReadOnlyList<NginxRequest>> RequestsAsync(CancellationToken cancellationToken)
    {
        if (!IsRunning)
        {
            return _past;
        }

        // nginx is one process here and logs requests in the order in which they end. So once the mark is logged, all earlier requests are.
        var mark = $"/?mark={Interlocked.Increment(ref _marks).ToString(CultureInfo.InvariantCulture)}";
        using (await _client.GetAsync(new Uri(BaseAddress, mark), cancellationToken))
        {
            await Process.WhenLineAsync(line => line.Contains(mark + "|", StringComparison.Ordinal), "nginx logged a request", cancellationToken);
        }

        return [.. _past, .. RequestsOf(Process)];
    }

    protected override ChildProcess Launch()
    {
        var configuration = Folder.Combine("nginx.conf");
        File.WriteAllText(configuration, Configuration());
        return ChildProcess.Start("nginx", ["-p", Folder.Path, "-c", configuration]);
    }

    // Its last notice at start. It listens by then.
    protected override bool IsReadyLine(string line) => line.Contains("getrlimit(RLIMIT_NOFILE)", StringComparison.Ordinal);

    protected override void Stopped(ChildProcess process) => _past.AddRange(RequestsOf(process));

    protected override void DisposeRest() => _client.Dispose();

    private static IEnumerable<NginxRequest> RequestsOf(ChildProcess process) =>
        process.Lines
            .Where(line => line.StartsWith(NginxRequest.Prefix, StringComparison.Ordinal))
            .Select(NginxRequest.Parse)
            .Where(request => !request.Path.StartsWith("/?mark=", StringComparison.Ordinal));

    private string Configuration() => $$"""
        daemon off;
        master_process off;
        pid {{Folder.Path}}/nginx.pid;
        error_log stderr notice;
        events { worker_connections 1024; }
        http {
            log_format requests '{{NginxRequest.LogFormat}}';
            access_log /dev/stdout requests;
            include /etc/nginx/mime.types;
            client_body_temp_path {{Folder.Path}}/body;
            proxy_temp_path {{Folder.Path}}/proxy;
            fastcgi_temp_path {{Folder.Path}}/fastcgi;
            uwsgi_temp_path {{Folder.Path}}/uwsgi;
            scgi_temp_path {{Folder.Path}}/scgi;
            sendfile on;
            keepalive_requests 100000;
            if_modified_since before; # RFC 9110 §13.1.3; its default is "the very date"
            limit_rate {{_options.LimitRate}};
            etag {{(_options.ETag ? "on" : "off")}};
            gzip {{(_options.Gzip ? "on" : "off")}};
            gzip_types *;
            server {
                listen 127.0.0.1:{{Port}} sndbuf=64k;
                server_name origin;
                root {{Root}};
                {{string.Concat(_options.Headers.Select(header => $"add_header {header.Key} \"{header.Value}\" always;\n"))}}
            }
        }
        """;
}
