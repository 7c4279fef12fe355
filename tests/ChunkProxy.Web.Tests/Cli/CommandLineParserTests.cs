using ChunkProxy.Web.Cli;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Tests.Cli;

public sealed class CommandLineParserTests
{
    [Theory]
    [InlineData("-size-c", "64KiB")]
    [InlineData("--size-c", "64KiB")]
    [InlineData("-size-c=64KiB")]
    [InlineData("--size-c=64KiB")]
    [InlineData("-size-c", "1", "-size-c", "64KiB")]
    public void Parse_FlagWithValue_SetsItsConfigurationKey(params string[] args) =>
        Assert.Equal([KeyValuePair.Create("ChunkProxy:ChunkSize", (string?)"64KiB")], SettingsOf(args));

    [Fact]
    public void Parse_ValueWithEqualsSigns_IsCutAtTheFirst() =>
        Assert.Equal("http://origin.example/a=b=c/", SettingsOf("-url=http://origin.example/a=b=c/")["ChunkProxy:Url"]);

    [Fact]
    public void Parse_ValueThatLooksLikeAFlag_IsTheValue() => Assert.Equal("-dir", SettingsOf("-url", "-dir")["ChunkProxy:Url"]);

    [Fact]
    public void Parse_EmptyValue_IsEmpty() => Assert.Equal("", SettingsOf("-dir=")["ChunkProxy:Dir"]);

    [Fact]
    public void Parse_EveryFlagOfTheTable_SetsTheKeyOfTheTable()
    {
        var flags = FlagTable.All.Where(flag => flag.Setting is not null).ToArray();

        var settings = SettingsOf([.. flags.Select(flag => $"-{flag.Name}={flag.Name}")]);

        Assert.Equal(flags.ToDictionary(flag => flag.Setting!, flag => (string?)flag.Name), settings);
    }

    [Theory]
    [InlineData("True", "-requestlog")]
    [InlineData("True", "-requestlog", "-dir", "cache")]
    [InlineData("false", "-requestlog=false")]
    public void Parse_Switch_TakesAValueOnlyAfterAnEqualsSign(string value, params string[] args) =>
        Assert.Equal(value, SettingsOf(args)["ChunkProxy:RequestLog"]);

    [Theory]
    [InlineData("-help")]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-url", "http://origin.example/", "-help")]
    public void Parse_Help_WinsOverServing(params string[] args) => Assert.IsType<ParsedCommandLine.Help>(CommandLineParser.Parse(args));

    [Fact]
    public void Parse_Version_IsVersion() => Assert.IsType<ParsedCommandLine.Version>(CommandLineParser.Parse(["-version"]));

    [Fact]
    public void Parse_Sample_TakesTheFlagsOfANode() => Assert.Equal(
        ":9090", Assert.IsType<ParsedCommandLine.Sample>(CommandLineParser.Parse(["sample", "-webaddr", ":9090"])).Settings["ChunkProxy:WebAddr"]);

    [Fact]
    public void Parse_Check_TakesTheFlagsOfANode() => Assert.Equal(
        ":9090", Assert.IsType<ParsedCommandLine.Check>(CommandLineParser.Parse(["check", "-webaddr", ":9090"])).Settings["ChunkProxy:WebAddr"]);

    [Fact]
    public void Parse_CheckHelp_IsHelp() => Assert.IsType<ParsedCommandLine.Help>(CommandLineParser.Parse(["check", "-help"]));

    [Fact]
    public void Parse_SampleHelp_IsHelp() => Assert.IsType<ParsedCommandLine.Help>(CommandLineParser.Parse(["sample", "-help"]));

    [Fact]
    public void Parse_CompletionForAShell_IsItsScript() =>
        Assert.Contains("chunkproxy", Assert.IsType<ParsedCommandLine.Complete>(CommandLineParser.Parse(["completion", "bash"])).Script, StringComparison.Ordinal);

    [Theory]
    [InlineData("-nosuch: no such flag (chunkproxy -help lists the flags)", "-nosuch=1")]
    [InlineData("-URL: no such flag. Did you mean -url? (chunkproxy -help lists the flags)", "-URL", "http://origin.example/")]
    [InlineData("-webadr: no such flag. Did you mean -webaddr? (chunkproxy -help lists the flags)", "-webadr", ":1")]
    [InlineData("'stats' is no flag and no command (chunkproxy -help lists them). Did you mean status?", "stats")]
    [InlineData("'smaple' is no flag and no command (chunkproxy -help lists them). Did you mean sample?", "smaple")]
    [InlineData("-nosuch: no such flag (chunkproxy -help lists the flags)", "check", "-nosuch")]
    [InlineData("'film.mp4' is no flag (chunkproxy -help lists the flags)", "-dir", "cache", "film.mp4")]
    [InlineData("'-' is no flag (chunkproxy -help lists the flags)", "-")]
    [InlineData("'--' is no flag (chunkproxy -help lists the flags)", "--")]
    [InlineData("'' is no flag (chunkproxy -help lists the flags)", "")]
    [InlineData("-: no such flag (chunkproxy -help lists the flags)", "-=x")]
    [InlineData("-dir: needs a value: a directory, or several separated by commas", "-url", "http://origin.example/", "--dir")]
    [InlineData("-version: takes no value", "-version=1")]
    [InlineData("-url: chunkproxy sample has an origin of its own", "sample", "-url", "http://origin.example/")]
    [InlineData("-nosuch: no such flag (chunkproxy -help lists the flags)", "sample", "-nosuch")]
    [InlineData("completion needs the name of a shell: bash, zsh, fish", "completion")]
    [InlineData("completion needs the name of a shell: bash, zsh, fish", "completion", "ksh")]
    [InlineData("-url: completion takes no flags", "completion", "-url")]
    public void Parse_WhatItCannotRead_IsRefusedNamingIt(string reason, params string[] args) =>
        Assert.Equal(new ParsedCommandLine.Refused(reason), CommandLineParser.Parse(args));

    private static IReadOnlyDictionary<string, string?> SettingsOf(params string[] args) =>
        Assert.IsType<ParsedCommandLine.Serve>(CommandLineParser.Parse(args)).Settings;
}
