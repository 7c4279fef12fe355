using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Cli.Flags;

/// <summary>A kind of flag value.</summary>
/// <param name="Placeholder">The placeholder on the help page.</param>
/// <param name="Takes">The description in messages.</param>
internal sealed record FlagValue(string Placeholder, string Takes)
{
    public static readonly FlagValue Url = new("url", "an http or https URL");
    public static readonly FlagValue Urls = new("urls", "http or https URLs separated by commas");
    public static readonly FlagValue Directory = new("directories", "a directory, or several separated by commas");
    public static readonly FlagValue Address = new("address", HostPort.Expected);
    public static readonly FlagValue Addresses = new("addresses", "hosts and ports separated by commas");
    public static readonly FlagValue Name = new("name", "a name such as cache-1");
    public static readonly FlagValue Prefix = new("prefix", "a key prefix such as clusters/chunkproxy");
    public static readonly FlagValue Path = new("path", "the beginning of paths such as /films/orbit/");
    public static readonly FlagValue Secret = new("secret", "a text");
    public static readonly FlagValue File = new("file", "a file that can be read");
    public static readonly FlagValue Origins = new("origins", "* or origins such as https://site.example, separated by commas");
    public static readonly FlagValue Certificate = new("path", "a file or a directory that can be read");
    public static readonly FlagValue Redis = new("server", "a Redis server such as 10.0.0.5:6379");
    public static readonly FlagValue KeyQuery = new("choice", "all or none");
    public static readonly FlagValue Parameters = new("names", "names of query parameters separated by commas");
    public static readonly FlagValue Networks = new("networks", "addresses and networks separated by commas");
    public static readonly FlagValue LogFile = new("file", "a file, or stdout");
    public static readonly FlagValue LogFormat = new("format", "combined, json, or a template");
    public static readonly FlagValue Lifetimes = new("list", "a list such as *.m3u8=1s,*.ts=365d");
    public static readonly FlagValue Time = new("time", DurationText.Expected);
    public static readonly FlagValue Size = new("size", ByteSize.Expected);
}
