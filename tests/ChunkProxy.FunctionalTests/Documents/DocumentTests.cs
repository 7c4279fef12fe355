using System.Globalization;
using System.Text.RegularExpressions;
using ChunkProxy.Testing.Documents;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Documents;

/// <summary>Every command of the documents, from their text. A test of the release runs those of the README.</summary>
/// <remarks>
/// Blocks of the language <c>sh</c> are run in the order of the document, unless a comment <c>&lt;!-- not run: why --&gt;</c> stands above. Hosts named
/// <c>.example</c> are a scripted origin with a film and a playlist, ports are free ones, and absolute paths lie in a temporary folder. The first command that
/// needs a node finds one with an admin key; a command that starts a node ends the one before.
/// </remarks>
public sealed partial class DocumentTests
{
    private static readonly string[] Ports = ["443", "7070", "7171", "8080", "8081", "8443", "9090"];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public static TheoryData<string> Documents =>
    [
        .. Directory.EnumerateFiles(Path.Combine(ProductBuild.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Where(file => ShellBlock.Of(File.ReadAllText(file)).Any(block => block.NotRun is null))
            .Select(file => Path.GetRelativePath(ProductBuild.Root, file))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Commands_OfADocument_Work(string document)
    {
        var blocks = ShellBlock.Of(await File.ReadAllTextAsync(Path.Combine(ProductBuild.Root, document), Now));
        using var folder = new TemporaryFolder();
        await using var origin = ScriptedOrigin.Start();
        foreach (var path in new[] { "/film.mp4", "/videos/film.mp4", "/films/orbit/master.m3u8" })
        {
            origin.Add(path, 3 * OneNode.MiB);
        }

        foreach (var path in new[] { "/film.m3u8", "/videos/film.m3u8" })
        {
            origin.Add(path, new OriginAnswer { Size = 100_000, ContentType = "application/vnd.apple.mpegurl" });
        }

        var script = folder.Combine("script");
        await File.WriteAllTextAsync(script, ScriptOf(blocks, origin.BaseAddress, folder.Path), Now);

        await ProgramRun.OutputAsync(["bash", script], Now, folder: folder.Path);
    }

    // A block that nobody runs says why, and says it in words.
    [Fact]
    public void Blocks_ThatAreNotRun_SayWhy() =>
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(ProductBuild.Root, "docs"), "*.md", SearchOption.AllDirectories)
                .SelectMany(file => ShellBlock.Of(File.ReadAllText(file)))
                .Where(block => block.NotRun is not null),
            block => Assert.InRange(block.NotRun!.Length, 10, 200));

    [Fact]
    public async Task Commands_ThatFail_AreFound()
    {
        using var folder = new TemporaryFolder();
        await using var origin = ScriptedOrigin.Start();
        var script = folder.Combine("script");

        foreach (var command in new[] { "curl -s http://localhost:8080/nosuch.mp4", "chunkproxy map /nosuch.mp4", "chunkproxy -url http://origin.example/ -nosuch 1", "false | true" })
        {
            await File.WriteAllTextAsync(script, ScriptOf([new ShellBlock(1, null, [command])], origin.BaseAddress, folder.Path), Now);
            var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => ProgramRun.OutputAsync(["bash", script], Now, folder: folder.Path));
            Assert.Contains("FAILED: ", fault.Message, StringComparison.Ordinal);
        }
    }

    private static string ScriptOf(IEnumerable<ShellBlock> blocks, Uri origin, string folder)
    {
        var ports = Ports.ToDictionary(port => port, _ => FreePort.Next().ToString(CultureInfo.InvariantCulture));
        var commands = blocks.Where(block => block.NotRun is null)
            .SelectMany(block => block.Commands)
            .Select(command => Port().Replace(Origin().Replace(command, origin.ToString()), port => ports.GetValueOrDefault(port.Value, port.Value)))
            .Select(command => RootPath().Replace(command, folder + "$0"))
            .ToList();
        var admin = commands.Exists(command => command.Contains("localhost:" + ports["9090"], StringComparison.Ordinal)) ? "127.0.0.1:" + ports["9090"] : "";
        List<string> steps = [];
        foreach (var command in commands)
        {
            if (steps.TrueForAll(static step => !step.StartsWith("serve ", StringComparison.Ordinal)) && Client().IsMatch(command))
            {
                steps.AddRange([$"serve 'chunkproxy -url {origin}'", "try 'curl -s -o film http://$web/film.mp4'"]);
            }

            steps.Add($"{(Server().IsMatch(command) ? "serve" : "try")} '{command.Replace("'", "'\\''", StringComparison.Ordinal)}'");
        }

        return string.Join('\n', [
            $"program='{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"} {ProductBuild.Assembly("ChunkProxy.Web", "chunkproxy.dll")}'",
            $"web=127.0.0.1:{ports["8080"]} admin={admin} origin={origin}",
            Functions,
            .. steps,
        ]);
    }

    // Certificates are where the documents have them. Commands ask the node of the script, and responses with an error count as failures.
    private const string Functions = """
        set -uo pipefail
        export KEY=a-key-of-more-than-16-characters TOKEN=token program web admin
        mkdir -p etc/letsencrypt/live/films.example tls var/log/chunkproxy
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=films.example -addext subjectAltName=DNS:films.example \
            -out tls/tls.crt -keyout tls/tls.key 2>/dev/null
        cp tls/tls.crt etc/letsencrypt/live/films.example/fullchain.pem
        cp tls/tls.key etc/letsencrypt/live/films.example/privkey.pem
        node=
        trap '[[ ! $node ]] || kill -9 $node' EXIT
        chunkproxy() {
            case $1 in
                status | top | map | purge | warm | reload) ChunkProxy__AdminKey=$KEY $program "$@" -node "http://${admin:-$web}" ;;
                *) $program "$@" ;;
            esac
        }
        curl() {
            command curl --fail --max-time 60 "$@"
        }
        export -f chunkproxy curl
        try() {
            bash -uo pipefail -c "$1" || { echo "FAILED: $1"; exit 1; }
        }
        # The last command of the line is the node: its process takes the place of the shell.
        serve() {
            [[ ! $node ]] || { kill "$node"; wait "$node"; }
            local line=${1/chunkproxy /exec $program }
            [[ $1 == *-webaddr* ]] || line="export ChunkProxy__WebAddr=$web; $line"
            [[ $1 == *-adminaddr* ]] || line="export ChunkProxy__AdminAddress=$admin ChunkProxy__AdminKey=$KEY; $line" # an empty one counts as not set
            [[ $1 == *-url* ]] || line="export ChunkProxy__Url=$origin; $line"
            : >log # now: the process that empties it may start after the first look, which would find the lines of the last node
            bash -c "$line" >>log 2>&1 &
            node=$!
            grep -q 'web listening on' < <(timeout 120 tail -n +1 -f -s 0.1 --pid=$node log 2>/dev/null) || { cat log; echo "FAILED: $1"; node=; exit 1; }
        }
        """;

    [GeneratedRegex(@"https?://[a-z.]+\.(example|core\.windows\.net)/(films/(?=$|\s))?")]
    private static partial Regex Origin();

    [GeneratedRegex(@"(?<=:)\d{3,5}\b")]
    private static partial Regex Port();

    [GeneratedRegex(@"(?<=\s)/(?=(etc|tls|var)\b)[^\s]*")]
    private static partial Regex RootPath();

    [GeneratedRegex(@"^(\w+=('[^']*'|\S+) )*chunkproxy (?!-help|-version)-")]
    private static partial Regex Server();

    [GeneratedRegex(@"\bcurl |\bchunkproxy (status|top|map|purge|warm|reload)\b")]
    private static partial Regex Client();
}
