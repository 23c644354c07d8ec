/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.fdbroker;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rooms of the house, and the ways data may take through them.
 */
class ArchitectureTests {

	private static final String ROOT = "io.github.fdbroker";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	@Test
	void packagesWhenLookedAtFromOutsideFormLayers() {
		layeredArchitecture().consideringOnlyDependenciesInAnyPackage(ROOT + "..")
			.layer("api")
			.definedBy(ROOT)
			.layer("annotation")
			.definedBy(ROOT + ".annotation")
			.layer("system")
			.definedBy(ROOT + ".system")
			.layer("socket")
			.definedBy(ROOT + ".socket")
			.layer("convert")
			.definedBy(ROOT + ".convert")
			.layer("wire")
			.definedBy(ROOT + ".wire")
			.layer("security")
			.definedBy(ROOT + ".security")
			.layer("listener")
			.definedBy(ROOT + ".listener")
			.layer("broker")
			.definedBy(ROOT + ".broker")
			.layer("child")
			.definedBy(ROOT + ".child")
			.layer("systemd")
			.definedBy(ROOT + ".systemd")
			.layer("takeover")
			.definedBy(ROOT + ".takeover")
			.layer("autoconfigure")
			.definedBy(ROOT + ".autoconfigure..")
			.whereLayer("api")
			.mayNotAccessAnyLayer()
			.whereLayer("annotation")
			.mayOnlyAccessLayers("api")
			.whereLayer("security")
			.mayOnlyAccessLayers("api")
			.whereLayer("system")
			.mayOnlyAccessLayers("api")
			.whereLayer("socket")
			.mayOnlyAccessLayers("api", "system")
			.whereLayer("convert")
			.mayOnlyAccessLayers("api", "system", "wire")
			.whereLayer("wire")
			.mayOnlyAccessLayers("api", "system", "socket")
			.whereLayer("listener")
			.mayOnlyAccessLayers("api", "annotation", "system", "socket", "convert", "wire", "security")
			.whereLayer("broker")
			.mayOnlyAccessLayers("api", "system", "socket", "convert", "wire", "security")
			.whereLayer("child")
			.mayOnlyAccessLayers("api", "system", "socket", "convert", "wire", "security", "broker", "listener")
			.whereLayer("systemd")
			.mayOnlyAccessLayers("api", "system", "socket", "convert")
			.whereLayer("takeover")
			.mayOnlyAccessLayers("api", "listener")
			.layer("test")
			.definedBy(ROOT + ".test")
			.whereLayer("autoconfigure")
			.mayOnlyBeAccessedByLayers("test")
			.whereLayer("test")
			.mayNotBeAccessedByAnyLayer()
			.check(CLASSES);
	}

	@Test
	void packagesWhenFollowedFormNoCycle() {
		slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
	}

	/**
	 * Classes count with those inside them.
	 */
	@Test
	void classesWhenFollowedFormNoCycleOfMoreThanTwo() {
		Map<String, Set<String>> reachable = new TreeMap<>();
		Map<String, Set<String>> direct = new TreeMap<>();
		for (JavaClass type : CLASSES) {
			Set<String> targets = direct.computeIfAbsent(outermost(type), (name) -> new TreeSet<>());
			type.getDirectDependenciesFromSelf()
				.stream()
				.map((dependency) -> outermost(dependency.getTargetClass()))
				.filter((name) -> name.startsWith(ROOT))
				.forEach(targets::add);
		}
		direct.keySet().forEach((name) -> reachable.put(name, reachable(name, direct)));
		Set<Set<String>> cycles = new HashSet<>();
		reachable.forEach((name,
				targets) -> cycles.add(targets.stream()
					.filter((target) -> reachable.getOrDefault(target, Set.of()).contains(name))
					.collect(Collectors.toCollection(TreeSet::new))));
		assertThat(cycles).filteredOn((cycle) -> cycle.size() > 2).isEmpty();
	}

	private static Set<String> reachable(String start, Map<String, Set<String>> direct) {
		Set<String> seen = new TreeSet<>();
		Deque<String> waiting = new ArrayDeque<>(direct.get(start));
		while (!waiting.isEmpty()) {
			String next = waiting.pop();
			if (seen.add(next)) {
				waiting.addAll(direct.getOrDefault(next, Set.of()));
			}
		}
		return seen;
	}

	private static String outermost(JavaClass type) {
		String name = type.getBaseComponentType().getName();
		return (name.indexOf('$') < 0) ? name : name.substring(0, name.indexOf('$'));
	}

	@Test
	void jnaWhenUsedIsInSystemOnly() {
		noClasses().that()
			.resideOutsideOfPackage(ROOT + ".system")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("com.sun.jna..")
			.check(CLASSES);
	}

	@Test
	void junixsocketWhenUsedIsInSystemAndConvertOnly() {
		noClasses().that()
			.resideOutsideOfPackages(ROOT + ".system", ROOT + ".convert")
			.and(are("the auto-configuration, whose condition names one class",
					(type) -> !type.isAnnotatedWith(AutoConfiguration.class)))
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.newsclub..")
			.check(CLASSES);
	}

	/**
	 * They are looked up by name, which class files show as strings only.
	 */
	@Test
	void foreignFunctionsWhenNamedAreNamedInSystemOnly() throws IOException {
		Set<String> packages = new TreeSet<>();
		for (JavaClass type : CLASSES) {
			URI file = type.getSource().orElseThrow().getUri();
			String content = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
			if (content.contains("java.lang.foreign") || content.contains("java/lang/foreign")) {
				packages.add(type.getPackageName());
			}
		}
		assertThat(packages).containsExactly(ROOT + ".system");
	}

	@Test
	void autoConfigurationsWhenDeclaredArePublicAndFinalWithoutPublicMembers() {
		classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.check(CLASSES);
		methods().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.notBePublic()
			.check(CLASSES);
	}

	@Test
	void postProcessorsWhenDeclaredAreStaticBeans() {
		methods().that()
			.areAnnotatedWith(Bean.class)
			.and()
			.haveRawReturnType(DescribedPredicate.describe("a post-processor",
					(type) -> type.isAssignableTo(BeanPostProcessor.class)))
			.should()
			.beStatic()
			.check(CLASSES);
	}

	@Test
	void concreteClassesWhenTopLevelAndPublicAreFinal() {
		classes().that()
			.areTopLevelClasses()
			.and()
			.arePublic()
			.and()
			.areNotInterfaces()
			.and()
			.areNotEnums()
			.and()
			.doNotHaveFullyQualifiedName(FdException.class.getName())
			.and()
			.doNotHaveFullyQualifiedName(FdConfigurationException.class.getName())
			.should()
			.haveModifier(JavaModifier.FINAL)
			.check(CLASSES);
	}

	@Test
	void packagesWhenDeclaredAreNullMarked() {
		classes().that().haveSimpleName("package-info").should().beAnnotatedWith(NullMarked.class).check(CLASSES);
	}

	@Test
	void namesWhenChosenSayWhatAClassIs() {
		noClasses().should()
			.haveSimpleNameStartingWith("Abstract")
			.orShould()
			.haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)")
			.check(CLASSES);
	}

	private static DescribedPredicate<JavaClass> are(String description, Predicate<JavaClass> predicate) {
		return DescribedPredicate.describe(description, predicate);
	}

}
